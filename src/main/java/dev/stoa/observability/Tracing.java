package dev.stoa.observability;

/**
 * Traces of what this process does, sent to a collector by OTLP; or nothing, which is the default
 * and costs nothing: what there is to it is loaded when it is switched on. Can be switched and
 * changed while everything runs. Safe on any thread.
 */
public final class Tracing implements AutoCloseable {
  private final Metrics metrics;
  private TracingConfig config;
  private volatile TraceExport export;

  Tracing(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Goes by this configuration from now on. */
  public synchronized void configure(TracingConfig next, String node) {
    if (next.equals(config)) {
      return;
    }
    TraceExport before = export;
    config = next;
    export = next.enabled() ? new OtlpExport(next, node, metrics) : null;
    if (before != null) {
      before.close();
    }
  }

  /** Whether there is anything to be traced. */
  public boolean on() {
    return export != null;
  }

  /**
   * Whether the gateway continues a trace of somebody.
   *
   * @param trusted whether that is a proxy of ours
   */
  public boolean continues(boolean trusted) {
    TraceExport now = export;
    if (now == null) {
      return false;
    }
    return switch (now.incoming()) {
      case NEVER -> false;
      case TRUSTED -> trusted;
      case ALWAYS -> true;
    };
  }

  /** Begins what the gateway does for a request. */
  public Span gateway(String name, TraceParent parent) {
    TraceExport now = export;
    return now == null ? Span.NONE : now.begin(now.gatewayName(), name, Span.Kind.SERVER, parent);
  }

  /** Begins what a service does for a request. */
  public Span service(String service, String name, TraceParent parent) {
    TraceExport now = export;
    return now == null ? Span.NONE : now.begin(service, name, Span.Kind.SERVER, parent);
  }

  /** Begins what a service does by itself. */
  public Span job(String service, String name) {
    TraceExport now = export;
    return now == null ? Span.NONE : now.begin(service, name, Span.Kind.INTERNAL, TraceParent.NONE);
  }

  /** Sends what is left, for a few seconds at most. */
  @Override
  public synchronized void close() {
    if (export != null) {
      export.close();
      export = null;
      config = null;
    }
  }
}
