package dev.stoa.resilience;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * One change of a breaker's state.
 *
 * @param upstream whose breaker
 * @param openFor how long no call will pass; zero unless it opened
 */
record BreakerChange(
    String upstream, BreakerState from, BreakerState to, Duration openFor, Instant at) {

  /** As it is told on the bus, by a node that watches the upstream for itself. */
  JsonObject toJson(String node) {
    return new JsonObject()
        .put("node", node)
        .put("upstream", upstream)
        .put("from", from.text())
        .put("to", to.text())
        .put("open_for_ms", openFor.toMillis())
        .put("at", at.toString());
  }
}
