package dev.stoa.idempotency;

import dev.stoa.config.Live;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The claims under which this process works, each held by a lease that is renewed for as long as
 * the work goes on. Safe on any thread.
 */
final class HeldClaims {
  private static final int BATCH = 200;

  private final IdempotencyRows rows;
  private final Live<IdempotencyConfig> config;
  private final InstantSource clock;
  private final Map<String, Instant> since = new ConcurrentHashMap<>();

  HeldClaims(IdempotencyRows rows, Live<IdempotencyConfig> config, InstantSource clock) {
    this.rows = rows;
    this.config = config;
    this.clock = clock;
  }

  /** Until when a lease lasts that begins now. */
  Instant lease() {
    return clock.instant().plus(config.get().lease());
  }

  /** This process has it from now on. */
  Claim hold(Claim claim) {
    since.put(claim.id(), clock.instant());
    return claim;
  }

  /** Its lease is not renewed any more. */
  void leave(Claim claim) {
    since.remove(claim.id());
  }

  /** Renews the leases, which last from now on; of those that need it. */
  Future<Void> renew() {
    // What has just begun can wait for the next time, and is over by then as a rule.
    Instant old = clock.instant().minus(config.get().lease().dividedBy(4));
    List<String> aging =
        since.entrySet().stream()
            .filter(claim -> claim.getValue().isBefore(old))
            .map(Map.Entry::getKey)
            .toList();
    return renew(aging, lease());
  }

  private Future<Void> renew(List<String> claims, Instant until) {
    if (claims.isEmpty()) {
      return Future.succeededFuture();
    }
    int batch = Math.min(BATCH, claims.size());
    return rows.renew(claims.subList(0, batch), until)
        .compose(renewed -> renew(claims.subList(batch, claims.size()), until));
  }
}
