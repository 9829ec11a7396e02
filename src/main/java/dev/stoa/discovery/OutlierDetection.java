package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * When an instance is left out for a while: {@code outlier_detection} of the configuration.
 *
 * @param consecutiveFailures so many in a row eject
 * @param interval how often the instances' failure rates are compared
 * @param errorMargin by how much an instance's rate must exceed that of all others together; 0.3 is
 *     30 percentage points
 * @param minRequests so many in an interval make a rate, of the instance and of the others
 * @param ejectionTime of the first ejection; the n-th in a row takes n times as long
 * @param maxEjectionTime the longest
 * @param maxEjected the share of the instances that may be out at once: of two or more always one,
 *     never all
 * @param failures what counts as one
 */
public record OutlierDetection(
    boolean enabled,
    int consecutiveFailures,
    Duration interval,
    double errorMargin,
    int minRequests,
    Duration ejectionTime,
    Duration maxEjectionTime,
    double maxEjected,
    Set<CallFailure> failures) {

  public static final OutlierDetection DEFAULT =
      new OutlierDetection(
          true,
          5,
          Duration.ofSeconds(10),
          0.3,
          20,
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          0.5,
          EnumSet.allOf(CallFailure.class));

  private static final String KEY = "outlier_detection";
  private static final int MANY = 1_000_000;

  public OutlierDetection {
    failures = Set.copyOf(failures);
  }

  /** What {@code parent} says of it; for what it does not say, {@code fallback}. */
  static OutlierDetection from(ConfigReader parent, OutlierDetection fallback) {
    ConfigReader own = parent.section(KEY);
    Duration time = Positive.duration(own, "ejection_time", fallback.ejectionTime);
    Duration longest = own.duration("max_ejection_time", max(time, fallback.maxEjectionTime));
    if (longest.compareTo(time) < 0) {
      own.error("max_ejection_time", "at least the ejection_time");
      longest = time;
    }
    return new OutlierDetection(
        own.bool("enabled", fallback.enabled),
        own.integer("consecutive_failures", fallback.consecutiveFailures, 1, MANY),
        Positive.duration(own, "interval", fallback.interval),
        own.decimal("error_margin", fallback.errorMargin, 0.01, 1),
        own.integer("min_requests", fallback.minRequests, 1, MANY),
        time,
        longest,
        own.decimal("max_ejected", fallback.maxEjected, 0, 1),
        failures(own, fallback.failures));
  }

  boolean counts(CallFailure kind) {
    return failures.contains(kind);
  }

  /** How many of so many may be out at once. */
  int mostEjected(int instances) {
    int share = (int) Math.floor(maxEjected * instances);
    return maxEjected == 0 ? 0 : Math.min(Math.max(1, share), instances - 1);
  }

  private static Set<CallFailure> failures(ConfigReader own, Set<CallFailure> fallback) {
    if (!own.has("failures")) {
      return fallback;
    }
    Set<CallFailure> failures = EnumSet.noneOf(CallFailure.class);
    List<String> names = own.strings("failures", List.of());
    for (String name : names) {
      CallFailure.named(name)
          .ifPresentOrElse(
              failures::add,
              () -> own.error("failures", "kinds out of connect, timeout, reset, 5xx"));
    }
    return failures;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
