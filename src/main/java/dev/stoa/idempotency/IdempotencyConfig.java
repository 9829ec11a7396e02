package dev.stoa.idempotency;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * How long answers are kept and how much: {@code idempotency} of the configuration.
 *
 * @param retention how long the answer to a key is given again
 * @param lease how long after its holder died a claim stands
 * @param maxKeys of one database; with so many no further one is taken
 * @param maxRequest bytes of a request body that the gateway takes with a key
 * @param maxResponse bytes of a response body that the gateway keeps
 */
public record IdempotencyConfig(
    Duration retention, Duration lease, int maxKeys, long maxRequest, long maxResponse) {

  /** What holds where nothing is said. */
  public static final IdempotencyConfig DEFAULT =
      new IdempotencyConfig(
          Duration.ofHours(24), Duration.ofSeconds(4), 1_000_000, 1 << 20, 64 << 10);

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  private static final int MANY = 100_000_000;
  private static final long MAX_BYTES = 64 << 20;

  public static IdempotencyConfig from(ConfigReader root) {
    ConfigReader own = root.section("idempotency");
    Duration retention = own.duration("retention", DEFAULT.retention);
    if (retention.isZero()) {
      own.error("retention", "more than zero");
    }
    Duration lease = own.duration("lease", DEFAULT.lease);
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      own.error("lease", "at least 1s");
    }
    return new IdempotencyConfig(
        retention,
        lease,
        own.integer("max_keys", DEFAULT.maxKeys, 1, MANY),
        bytes(own, "max_request", DEFAULT.maxRequest),
        bytes(own, "max_response", DEFAULT.maxResponse));
  }

  // Bodies of this kind are held in memory.
  private static long bytes(ConfigReader own, String key, long defaultValue) {
    long bytes = own.size(key, defaultValue);
    if (bytes > MAX_BYTES) {
      own.error(key, "at most 64mb");
    }
    return bytes;
  }
}
