package dev.stoa.gateway;

import dev.stoa.observability.AttemptMeter;
import dev.stoa.resilience.Resilience;
import dev.stoa.service.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * The last stage of the pipeline: brings a request to an upstream, by as many attempts as are safe.
 * One per verticle, for its event loop.
 */
final class Deliveries {
  private final Vertx vertx;
  private final Upstreams upstreams;
  private final Proxy proxy;
  private final Resilience resilience;
  private final LastGoodAnswers lastGood;
  private final AttemptMeter attempts;

  Deliveries(
      Vertx vertx,
      Upstreams upstreams,
      Proxy proxy,
      Resilience resilience,
      LastGoodAnswers lastGood,
      AttemptMeter attempts) {
    this.vertx = vertx;
    this.upstreams = upstreams;
    this.proxy = proxy;
    this.resilience = resilience;
    this.lastGood = lastGood;
    this.attempts = attempts;
  }

  /** As {@link Proxy#forward}. */
  Future<Void> forward(Exchange exchange, Destination destination, Optional<Identity> caller) {
    return new Delivery(this, exchange, destination, caller).run();
  }

  Vertx vertx() {
    return vertx;
  }

  Upstreams upstreams() {
    return upstreams;
  }

  Proxy proxy() {
    return proxy;
  }

  Resilience resilience() {
    return resilience;
  }

  AttemptMeter attempts() {
    return attempts;
  }

  LastGoodAnswers lastGood() {
    return lastGood;
  }
}
