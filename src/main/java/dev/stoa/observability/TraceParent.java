package dev.stoa.observability;

/**
 * The trace that a request says it belongs to (W3C Trace Context); nothing of it is checked yet.
 *
 * @param traceparent null where it says nothing
 * @param tracestate null where there is none
 */
public record TraceParent(String traceparent, String tracestate) {
  /** The fields of a request, in HTTP and in envelopes alike. */
  public static final String FIELD = "traceparent";

  public static final String STATE_FIELD = "tracestate";

  /** None. */
  public static final TraceParent NONE = new TraceParent(null, null);

  public static TraceParent of(String traceparent, String tracestate) {
    return traceparent == null ? NONE : new TraceParent(traceparent, tracestate);
  }
}
