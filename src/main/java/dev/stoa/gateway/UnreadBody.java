package dev.stoa.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * What to do with a request body that nobody will read because the answer is known already. Reading
 * a little of it lets a client that writes first and reads later see the answer, and keeps the
 * connection for the next request; reading all of it would be an invitation (RFC 9112, section
 * 9.6).
 */
final class UnreadBody {
  private static final long MAX_BYTES = 4L << 20;
  private static final long MAX_MILLIS = 2_000;
  private static final long HTTP2_NO_ERROR = 0;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private long discarded;
  private long timer = -1;

  private UnreadBody(Vertx vertx, HttpServerRequest request) {
    this.vertx = vertx;
    this.request = request;
  }

  /**
   * Reads and forgets the rest of a request within bounds, beyond which the client's connection is
   * closed. Call it after the response was written; does nothing if the request was read already.
   */
  static void discard(Vertx vertx, HttpServerRequest request) {
    if (!request.isEnded()) {
      new UnreadBody(vertx, request).discard();
    }
  }

  private void discard() {
    request.handler(
        buffer -> {
          discarded += buffer.length();
          if (discarded > MAX_BYTES) {
            close();
          }
        });
    if (mayHaveBody()) {
      timer = vertx.setTimer(MAX_MILLIS, id -> close());
      request.endHandler(v -> vertx.cancelTimer(timer));
      request.exceptionHandler(failure -> vertx.cancelTimer(timer));
    } else {
      request.endHandler(null);
    }
    request.resume();
  }

  private boolean mayHaveBody() {
    return request.version() == HttpVersion.HTTP_2
        || request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private void close() {
    vertx.cancelTimer(timer);
    request.handler(null);
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(HTTP2_NO_ERROR);
    } else {
      Wire.end(request.connection());
    }
  }
}
