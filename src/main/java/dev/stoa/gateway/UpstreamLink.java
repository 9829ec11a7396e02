package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;

/**
 * An exchange's hold on its upstream: one connection of the pool at a time, how to let go of it,
 * and when to try another. A pooled connection may be closed by the upstream in the very moment it
 * is used again; that is nobody's failure (RFC 9112, section 9.3.1).
 */
final class UpstreamLink {
  private static final int MAX_ATTEMPTS = 3;

  private final HttpClient client;
  private final RequestOptions options;
  private final Handler<Throwable> onFailure;
  private HttpClientRequest request;
  private boolean used;
  private int attempts;

  /**
   * @param onFailure learns when the connection in hand fails; may be told more than once
   */
  UpstreamLink(
      HttpClient client, HttpServerRequest from, ProxyTarget target, Handler<Throwable> onFailure) {
    this.client = client;
    this.onFailure = onFailure;
    this.options =
        new RequestOptions()
            .setMethod(from.method())
            .setServer(target.server())
            .setHost(target.server().host())
            .setPort(target.server().port())
            .setSsl(target.tls())
            .setURI(target.uri())
            .setConnectTimeout(target.connectWithin().toMillis());
  }

  /** Takes a connection, idle or new. */
  Future<HttpClientRequest> open() {
    attempts++;
    request = null;
    used = false;
    return Future.<HttpClientRequest>future(opened -> client.request(options).onComplete(opened))
        .recover(
            cause ->
                cause instanceof HttpClosedException && attempts < MAX_ATTEMPTS
                    ? open()
                    : Future.failedFuture(cause))
        .onSuccess(this::hold);
  }

  private void hold(HttpClientRequest opened) {
    request = opened;
    Handler<Throwable> failed =
        cause -> {
          if (request == opened) {
            onFailure.handle(cause);
          }
        };
    opened.exceptionHandler(failed);
    opened.response().onFailure(failed::handle);
  }

  /** From here on the connection carries something of this exchange. */
  void use() {
    used = true;
  }

  /** Whether a request without a body that failed like this may be sent again. */
  boolean stale(Throwable cause) {
    boolean reused = request.streamId() > 1;
    return reused
        && attempts < MAX_ATTEMPTS
        && UpstreamFailure.closed(cause)
        && Methods.IDEMPOTENT.contains(request.getMethod());
  }

  /** Gives an unused connection back; resets one in use. */
  void drop() {
    if (request != null) {
      if (used) {
        Wire.reset(request.connection());
      } else {
        request.reset();
      }
    }
  }
}
