package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a call may be tried again and how long to wait before: {@code retry} of the
 * configuration. The wait grows exponentially up to a cap, give or take a random share so that
 * callers that failed together do not come back together (Brooker, "Exponential Backoff And
 * Jitter").
 *
 * @param maxRetries beside the first attempt; 0 for none
 * @param jitter share of the delay by which it may be shorter or longer
 * @param on which ends of an attempt are worth another
 */
public record RetryPolicy(
    int maxRetries,
    Duration baseDelay,
    Duration maxDelay,
    double backoffFactor,
    double jitter,
    FailureKinds on) {

  /** Between services. */
  public static final RetryPolicy SERVICES =
      new RetryPolicy(
          3, Duration.ofSeconds(1), Duration.ofSeconds(60), 2, 0.1, FailureKinds.PASSING);

  /** At the gateway, where somebody waits. */
  public static final RetryPolicy ROUTES =
      new RetryPolicy(
          1, Duration.ofMillis(25), Duration.ofMillis(250), 2, 0.1, FailureKinds.PASSING);

  /** Each call is made once. */
  public static final RetryPolicy NEVER =
      new RetryPolicy(0, Duration.ZERO, Duration.ZERO, 1, 0, FailureKinds.PASSING);

  private static final int MOST_RETRIES = 10;
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  /** Reads {@code retry} of a section; what it does not say is as in {@code defaults}. */
  public static RetryPolicy from(ConfigReader section, RetryPolicy defaults) {
    ConfigReader at = section.section("retry");
    return new RetryPolicy(
        at.integer("max_retries", defaults.maxRetries(), 0, MOST_RETRIES),
        Durations.within(at, "base_delay", defaults.baseDelay(), 0, LONGEST_DELAY),
        Durations.within(at, "max_delay", defaults.maxDelay(), 0, LONGEST_DELAY),
        at.decimal("backoff_factor", defaults.backoffFactor(), 1, 10),
        at.decimal("jitter", defaults.jitter(), 0, 1),
        FailureKinds.from(at, "on", defaults.on()));
  }

  /** Nanoseconds before the n-th retry, from 1 on. */
  long delayNanos(int retry) {
    return delayNanos(retry, ThreadLocalRandom.current().nextDouble());
  }

  /**
   * The same with chance made plain.
   *
   * @param random in 0..1
   */
  long delayNanos(int retry, double random) {
    double grown = baseDelay.toNanos() * Math.pow(backoffFactor, retry - 1.0);
    double capped = Math.min(grown, maxDelay.toNanos());
    return (long) (capped * (1 + jitter * (2 * random - 1)));
  }

  /** The longest that all attempts together may take when each takes this long. */
  public Duration longest(Duration attempt) {
    double delays = 0;
    for (int retry = 1; retry <= maxRetries; retry++) {
      delays += delayNanos(retry, 1);
    }
    return attempt.multipliedBy(maxRetries + 1L).plusNanos((long) delays);
  }
}
