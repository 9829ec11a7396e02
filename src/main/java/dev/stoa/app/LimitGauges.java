package dev.stoa.app;

import dev.stoa.limits.SharedLimits;
import dev.stoa.observability.Metrics;
import java.util.Map;

/** Whether limits are counted where they should be, as a number. */
final class LimitGauges {
  private LimitGauges() {}

  static void add(Metrics metrics, SharedLimits limits) {
    metrics.gauge(
        "stoa_rate_limit_redis_away",
        "1 while Redis is configured and does not answer, so that each process counts alone.",
        Map.of(),
        () -> limits.isAway() ? 1 : 0);
  }
}
