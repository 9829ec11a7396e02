package dev.stoa.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What the head of a request says about its body. */
enum RequestBody {
  NONE,
  /** So many bytes. */
  SIZED,
  /** Ends when it ends. */
  STREAMED,
  /** HTTP/2 without a length: only the next frame tells whether there is a body at all. */
  UNCERTAIN;

  /** The same also for a request that is only asked about, as if by HTTP/1.1. */
  static RequestBody of(Exchange exchange) {
    return exchange.isQuestion() ? ofHead(exchange.headers()) : of(exchange.request());
  }

  static RequestBody of(HttpServerRequest request) {
    if (request.isEnded()) {
      return NONE;
    }
    boolean sized = request.headers().contains(HttpHeaders.CONTENT_LENGTH);
    if (!sized && request.version() == HttpVersion.HTTP_2) {
      return HeaderRules.expectsContinue(request) ? STREAMED : UNCERTAIN;
    }
    return ofHead(request.headers());
  }

  private static RequestBody ofHead(MultiMap headers) {
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      return "0".equals(length) ? NONE : SIZED;
    }
    return headers.contains(HttpHeaders.TRANSFER_ENCODING) ? STREAMED : NONE;
  }

  /** The declared length of the body, or {@link Pump#UNKNOWN}. The server has checked its form. */
  static long length(String header) {
    return header == null ? Pump.UNKNOWN : Long.parseLong(header);
  }
}
