package dev.stoa.service;

import dev.stoa.observability.AttemptMeter;
import dev.stoa.observability.RequestScope;
import dev.stoa.observability.Span;

/** What is told of the attempts at one call of another service: to the metrics and the trace. */
final class CallReports {
  private static final int SERVER_ERROR = 500;

  private final AttemptMeter meter;
  private final Span parent;
  private final ServiceRequest request;

  /** For a call that the caller's context is about to make. */
  CallReports(AttemptMeter meter, ServiceRequest request) {
    this.meter = meter;
    this.parent = RequestScope.current().span();
    this.request = request;
  }

  Report begin() {
    if (parent == Span.NONE) {
      return new Report(Span.NONE);
    }
    Span span = parent.child(request.service() + " " + request.operationId(), Span.Kind.CLIENT);
    span.tag("rpc.service", request.service());
    span.tag("rpc.method", request.operationId());
    return new Report(span);
  }

  /** One attempt. */
  final class Report {
    private final Span span;
    private final long began = System.nanoTime();

    private Report(Span span) {
      this.span = span;
    }

    Span span() {
      return span;
    }

    void answered(String instance, int status) {
      meter.answered(request.service(), instance, status, System.nanoTime() - began);
      span.tag("stoa.instance", instance);
      span.tag("http.response.status_code", status);
      if (status >= SERVER_ERROR) {
        span.fail(Integer.toString(status));
      }
      span.end();
    }

    void failed(String instance, Throwable cause) {
      AttemptMeter.Failure kind =
          cause instanceof CallFailed failed && failed.kind() != null
              ? AttemptMeter.Failure.valueOf(failed.kind().name())
              : AttemptMeter.Failure.ABANDONED;
      meter.failed(request.service(), instance, kind, System.nanoTime() - began);
      span.tag("stoa.instance", instance);
      span.fail(kind.text());
      span.end();
    }
  }
}
