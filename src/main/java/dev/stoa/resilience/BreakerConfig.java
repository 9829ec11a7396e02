package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * When a breaker opens and for how long: {@code circuit_breaker} of the configuration.
 *
 * @param enabled whether there is one at all
 * @param failureThreshold how many failures in a row open it
 * @param recoveryTimeout how long it stays open the first time
 * @param maxRecoveryTimeout up to which the time doubles with each probe that fails; the same as
 *     {@code recoveryTimeout} for a time that does not grow
 * @param window how long a failure is remembered; 1 s at least, below which the library never opens
 * @param probeTimeout after which a probe without an outcome counts as failed
 * @param failures what counts
 */
public record BreakerConfig(
    boolean enabled,
    int failureThreshold,
    Duration recoveryTimeout,
    Duration maxRecoveryTimeout,
    Duration window,
    Duration probeTimeout,
    FailureKinds failures) {

  public static final BreakerConfig DEFAULT =
      new BreakerConfig(
          true,
          5,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          FailureKinds.ALL);

  private static final int MAX_THRESHOLD = 1_000_000;
  private static final Duration MAX_WINDOW = Duration.ofHours(1);

  /** The longest time the library's timers can count. */
  private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

  static BreakerConfig from(ConfigReader at, BreakerConfig defaults) {
    Duration recovery =
        Durations.within(at, "recovery_timeout", defaults.recoveryTimeout(), 1, MAX_TIMEOUT);
    boolean grows = defaults.maxRecoveryTimeout().compareTo(defaults.recoveryTimeout()) > 0;
    boolean longer = defaults.maxRecoveryTimeout().compareTo(recovery) > 0;
    Duration longest = grows && longer ? defaults.maxRecoveryTimeout() : recovery;
    return new BreakerConfig(
        at.bool("enabled", defaults.enabled()),
        at.integer("failure_threshold", defaults.failureThreshold(), 1, MAX_THRESHOLD),
        recovery,
        Durations.within(at, "max_recovery_timeout", longest, recovery.toMillis(), MAX_TIMEOUT),
        Durations.within(at, "window", defaults.window(), 1_000, MAX_WINDOW),
        Durations.within(at, "probe_timeout", defaults.probeTimeout(), 1, MAX_TIMEOUT),
        FailureKinds.from(at, "failures", defaults.failures()));
  }

  /** How long the breaker stays open when it opens for the n-th time in a row, from 1 on. */
  Duration openTime(int opening) {
    long base = recoveryTimeout.toMillis();
    int doublings = Math.min(opening - 1, Long.numberOfLeadingZeros(base) - 1);
    return Duration.ofMillis(Math.min(base << doublings, maxRecoveryTimeout.toMillis()));
  }
}
