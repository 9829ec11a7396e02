package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * How many calls of an upstream may run and wait at once: {@code bulkhead} of the configuration.
 *
 * @param maxConcurrent running
 * @param maxQueue waiting
 * @param maxWait how long one may wait
 */
public record BulkheadConfig(int maxConcurrent, int maxQueue, Duration maxWait) {
  public static final BulkheadConfig DEFAULT =
      new BulkheadConfig(256, 1_024, Duration.ofSeconds(1));

  private static final int MANY = 1_000_000;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  static BulkheadConfig from(ConfigReader at, BulkheadConfig defaults) {
    return new BulkheadConfig(
        at.integer("max_concurrent", defaults.maxConcurrent(), 1, MANY),
        at.integer("max_queue", defaults.maxQueue(), 0, MANY),
        Durations.within(at, "max_wait", defaults.maxWait(), 1, LONGEST_WAIT));
  }
}
