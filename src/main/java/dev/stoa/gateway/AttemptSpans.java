package dev.stoa.gateway;

import dev.stoa.discovery.Lease;
import dev.stoa.observability.Span;
import dev.stoa.observability.TraceParent;
import dev.stoa.upstream.Fields;

/** The part of a trace that is one attempt at one instance, until the head of its answer. */
final class AttemptSpans {
  private static final int SERVER_ERROR = 500;

  private AttemptSpans() {}

  /** Begins one; nothing is made where the exchange is not traced. */
  static Span begin(Exchange exchange, String upstream, Lease lease) {
    if (exchange.span() == Span.NONE) {
      return Span.NONE;
    }
    Span span = exchange.span().child("attempt at " + upstream, Span.Kind.CLIENT);
    span.tag("stoa.upstream", upstream);
    span.tag("stoa.instance", lease.instance().id());
    span.tag("stoa.attempt", lease.attempt());
    span.tag("server.address", lease.instance().host());
    span.tag("server.port", lease.instance().port());
    return span;
  }

  /** Hands the trace on, in the place of one that the client spoke of. */
  static void inject(Span span, Fields fields) {
    if (span != Span.NONE) {
      fields.remove(TraceParent.STATE_FIELD);
      span.inject(fields::set);
    }
  }

  static void answered(Span span, int status) {
    if (span != Span.NONE) {
      span.tag("http.response.status_code", status);
      if (status >= SERVER_ERROR) {
        span.fail(Integer.toString(status));
      }
      span.end();
    }
  }

  /** There is no answer. */
  static void failed(Span span, String type) {
    span.fail(type);
    span.end();
  }
}
