package dev.stoa.observability;

import java.util.function.BiConsumer;

/**
 * A stretch of work in a trace (OpenTelemetry). Where tracing is off there is only {@link #NONE},
 * at which nothing happens and nothing is made. For one thread at a time; whoever begins one ends
 * it, once.
 */
public interface Span {
  /** In no trace. */
  Span NONE = new Span() {};

  /** What a span is to the other side (OpenTelemetry's span kinds). */
  enum Kind {
    SERVER,
    CLIENT,
    INTERNAL
  }

  /** Begins a part of this one. */
  default Span child(String name, Kind kind) {
    return NONE;
  }

  /** Calls it otherwise, now that more is known. */
  default void name(String name) {}

  default void tag(String key, String value) {}

  default void tag(String key, long value) {}

  /**
   * Says that it failed.
   *
   * @param type one of few words, {@code timeout} or a status
   */
  default void fail(String type) {}

  default void end() {}

  /** The trace's id, 32 hexadecimal digits; empty where there is none. */
  default String traceId() {
    return "";
  }

  /** Hands on the trace as {@code traceparent} and {@code tracestate} (W3C Trace Context). */
  default void inject(BiConsumer<String, String> fields) {}
}
