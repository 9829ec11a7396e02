package dev.stoa.gateway;

import dev.stoa.observability.RequestMeter;
import dev.stoa.observability.RequestScope;
import dev.stoa.observability.Span;
import dev.stoa.observability.TraceParent;
import dev.stoa.observability.Tracing;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** What is told of each exchange: to the metrics, the access log and the trace. */
final class Accounts {
  private static final int SERVER_ERROR = 500;

  private final RequestMeter requests;
  private final AccessLog log;
  private final Tracing tracing;

  Accounts(RequestMeter requests, AccessLog log, Tracing tracing) {
    this.requests = requests;
    this.log = log;
    this.tracing = tracing;
  }

  /** An exchange begins, on the context of its request. */
  void begin(Exchange exchange) {
    if (tracing.on()) {
      exchange.span(span(exchange));
    }
    RequestScope.enter(exchange);
  }

  private Span span(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    TraceParent parent =
        tracing.continues(exchange.trustedPeer())
            ? TraceParent.of(
                request.getHeader(TraceParent.FIELD), request.getHeader(TraceParent.STATE_FIELD))
            : TraceParent.NONE;
    Span span = tracing.gateway(Methods.name(request.method()), parent);
    span.tag("stoa.request_id", exchange.id());
    return span;
  }

  /** Its route has let it pass. */
  void passed(Exchange exchange, Destination destination) {
    exchange.begun(destination.route().requests(requests).begin());
  }

  /** It is over, however it ended. */
  void end(Exchange exchange) {
    HttpServerResponse response = exchange.request().response();
    int status = response.headWritten() ? response.getStatusCode() : 0;
    String method = Methods.name(exchange.request().method());
    long nanos = exchange.elapsedNanos();
    if (exchange.begun() != null) {
      exchange.begun().record(method, status, nanos);
    } else {
      row(exchange).record(method, status, nanos);
    }
    log.tell(exchange, method, status, nanos);
    if (exchange.span() != Span.NONE) {
      end(exchange, exchange.span(), method, status);
    }
  }

  private RequestMeter.Row row(Exchange exchange) {
    Destination destination = exchange.destination();
    return destination == null
        ? requests.row(exchange.route())
        : destination.route().requests(requests);
  }

  private static void end(Exchange exchange, Span span, String method, int status) {
    span.name(method + " " + exchange.route());
    span.tag("http.request.method", method);
    span.tag("url.path", exchange.shownPath());
    span.tag("stoa.route", exchange.route());
    span.tag("client.address", exchange.client());
    span.tag("http.response.status_code", status);
    if (status >= SERVER_ERROR) {
      span.fail(Integer.toString(status));
    }
    span.end();
  }
}
