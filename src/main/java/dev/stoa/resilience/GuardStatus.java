package dev.stoa.resilience;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * What is to be seen of a {@link Guard} at one moment.
 *
 * @param node where: each node watches for itself
 * @param upstream whose
 * @param since when the breaker changed last
 * @param consecutiveFailures that the breaker remembers
 * @param openFor how long the breaker lets no call pass
 * @param requests begun, those that were refused included
 * @param attempts made at them, retries and hedges included
 * @param failures requests that failed as the breaker counts
 * @param refused by the open breaker
 * @param overloaded turned away for want of a place
 * @param retries made, hedges included
 * @param hedges made
 * @param budget retries left
 * @param running attempts under way
 * @param waiting for a place
 * @param limit places
 */
public record GuardStatus(
    String node,
    String upstream,
    BreakerState state,
    Instant since,
    long consecutiveFailures,
    Duration openFor,
    long requests,
    long attempts,
    long failures,
    long refused,
    long overloaded,
    long retries,
    long hedges,
    long budget,
    int running,
    int waiting,
    int limit) {

  public JsonObject toJson() {
    return new JsonObject()
        .put("node", node)
        .put("upstream", upstream)
        .put("state", state.text())
        .put("since", since.toString())
        .put("consecutive_failures", consecutiveFailures)
        .put("open_for_ms", openFor.toMillis())
        .put("requests", requests)
        .put("attempts", attempts)
        .put("failures", failures)
        .put("refused", refused)
        .put("overloaded", overloaded)
        .put("retries", retries)
        .put("hedges", hedges)
        .put("retry_budget", budget)
        .put("running", running)
        .put("waiting", waiting)
        .put("limit", limit);
  }
}
