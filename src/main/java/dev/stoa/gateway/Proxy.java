package dev.stoa.gateway;

import dev.stoa.upstream.ConnectionPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * The streaming reverse proxy: carries a request to its target and the answer back, with
 * back-pressure both ways and nothing buffered beyond a few chunks.
 *
 * <p>One per gateway verticle and used on its event loop only. It owns nothing: whoever made the
 * pool of connections closes it.
 */
final class Proxy {
  private final Vertx vertx;
  private final ConnectionPool pool;
  private final Watchdog watchdog;
  private final Crowd crowd;

  Proxy(Vertx vertx, ConnectionPool pool) {
    this(vertx, pool, new Crowd());
  }

  Proxy(Vertx vertx, ConnectionPool pool, Crowd crowd) {
    this.crowd = crowd;
    this.vertx = vertx;
    this.pool = pool;
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

  ConnectionPool pool() {
    return pool;
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
    return new ProxyExchange(this, request, target, observer);
  }
}
