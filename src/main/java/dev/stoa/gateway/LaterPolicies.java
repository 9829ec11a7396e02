package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.List;

/**
 * Checks the shape of those parts of a route that take effect with the package for resilience, so
 * that a file written for them is good today and its mistakes are seen today.
 */
final class LaterPolicies {
  private static final int MANY = 1_000_000;

  private LaterPolicies() {}

  static void check(ConfigReader route) {
    ConfigReader retry = route.section("retry");
    retry.integer("max_retries", 1, 0, 10);
    retry.duration("base_delay", Duration.ZERO);
    retry.duration("max_delay", Duration.ZERO);
    retry.decimal("backoff_factor", 2, 1, 10);
    retry.decimal("jitter", 0, 0, 1);
    ConfigReader breaker = route.section("circuit_breaker");
    breaker.integer("failure_threshold", 5, 1, MANY);
    breaker.duration("recovery_timeout", Duration.ZERO);
    breaker.strings("failures", List.of());
    ConfigReader bulkhead = route.section("bulkhead");
    bulkhead.integer("max_concurrent", 1, 1, MANY);
    bulkhead.integer("max_queue", 0, 0, MANY);
  }
}
