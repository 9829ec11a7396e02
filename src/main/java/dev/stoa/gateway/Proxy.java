package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;

/**
 * The streaming reverse proxy: carries a request to its target and the answer back, with
 * back-pressure both ways and nothing buffered beyond a few chunks.
 *
 * <p>One per gateway verticle and used on its event loop only. It owns nothing: whoever made the
 * client (see {@link UpstreamClient}) closes it.
 */
final class Proxy {
  private final Vertx vertx;
  private final HttpClient client;
  private final Watchdog watchdog;
  private final Crowd crowd;

  Proxy(Vertx vertx, HttpClient client) {
    this(vertx, client, new Crowd());
  }

  Proxy(Vertx vertx, HttpClient client, Crowd crowd) {
    this.crowd = crowd;
    this.vertx = vertx;
    this.client = client;
    this.watchdog = new Watchdog(vertx);
  }

  /**
   * Carries out one exchange. The request must be paused in the turn of the event loop that
   * received it. Headers that the response has already (CORS, limits) take the place of the
   * upstream's.
   *
   * @return completes when the exchange is over, for whatever reason, and there is nothing left to
   *     answer. Fails with a {@link dev.stoa.problem.ProblemException}, and only then, if nothing
   *     was sent to the client: the caller answers and then calls {@link UnreadBody#discard}. A
   *     failure after the head resets the client instead and is told to the observer.
   */
  Future<Void> forward(HttpServerRequest request, ProxyTarget target, ProxyObserver observer) {
    return exchange(request, target, observer).run();
  }

  Vertx vertx() {
    return vertx;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  Crowd crowd() {
    return crowd;
  }

  /**
   * The same without beginning. Whoever {@linkplain ProxyExchange#start starts} it, beside another
   * one of the same request perhaps, tells it of the client.
   */
  ProxyExchange exchange(HttpServerRequest request, ProxyTarget target, ProxyObserver observer) {
    return new ProxyExchange(this, client, request, target, observer);
  }
}
