package dev.stoa.observability;

/**
 * What takes spans and sends them; made where tracing is on. Between {@link Tracing} and the
 * library, so that nothing of that is loaded where it is off.
 */
interface TraceExport {
  /** Begins a span as a part of that one, or of none. */
  Span begin(String service, String name, Span.Kind kind, TraceParent parent);

  String gatewayName();

  TracingConfig.Incoming incoming();

  /** Sends what is left, for a few seconds at most, and ends. */
  void close();
}
