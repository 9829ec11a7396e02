package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * What a route does about failing and slow upstreams.
 *
 * @param retry how often and when a request that may be sent again is
 * @param deadline from its arrival until its answer must have begun; empty for the route's time-out
 * @param hedge after what silence a second instance is asked the same; empty for never
 * @param fallback what is answered in the place of an upstream that fails
 */
record RouteResilience(
    GuardConfig guard,
    RetryPolicy retry,
    Optional<Duration> deadline,
    Optional<Duration> hedge,
    Optional<Fallback> fallback) {

  static final RouteResilience DEFAULT =
      new RouteResilience(
          GuardConfig.DEFAULT,
          RetryPolicy.ROUTES,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Reads a section, for what all routes or one of them does; the rest is as in {@code this}. */
  RouteResilience on(ConfigReader section) {
    return new RouteResilience(
        GuardConfig.from(section, guard),
        RetryPolicy.from(section, retry),
        positive(section, "deadline").or(() -> deadline),
        positive(section.section("hedge"), "delay").or(() -> hedge),
        Fallback.from(section).or(() -> fallback));
  }

  /** The same, with what was met before as one. */
  RouteResilience sharing(Same same) {
    return new RouteResilience(same.as(guard), same.as(retry), deadline, hedge, fallback);
  }

  /** Warns of what cannot be as it is meant. */
  void lint(ConfigReader section, Duration timeout) {
    if (deadline.isPresent() && retry.longest(timeout).compareTo(deadline.get()) > 0) {
      section.warn(
          "deadline",
          "%d attempts of %d ms each take longer than the deadline of %d ms"
              .formatted(retry.maxRetries() + 1, timeout.toMillis(), deadline.get().toMillis()));
    }
    if (hedge.isPresent() && hedge.get().compareTo(timeout) >= 0 && !timeout.isZero()) {
      section.warn("hedge.delay", "is not shorter than the time-out, so that nothing is hedged");
    }
  }

  private static Optional<Duration> positive(ConfigReader section, String key) {
    if (!section.has(key)) {
      return Optional.empty();
    }
    Duration value = section.duration(key, Duration.ZERO);
    if (value.toMillis() < 1) {
      section.error(key, "a duration of 1ms or more");
      return Optional.empty();
    }
    return Optional.of(value);
  }
}
