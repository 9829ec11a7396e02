package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;

/**
 * What a {@link Guard} is told: {@code circuit_breaker}, {@code bulkhead}, {@code adaptive_limit}
 * and {@code retry_budget} of a section of the configuration.
 */
public record GuardConfig(
    BreakerConfig breaker,
    BulkheadConfig bulkhead,
    AdaptiveConfig adaptive,
    RetryBudgetConfig budget) {

  public static final GuardConfig DEFAULT =
      new GuardConfig(
          BreakerConfig.DEFAULT,
          BulkheadConfig.DEFAULT,
          AdaptiveConfig.DEFAULT,
          RetryBudgetConfig.DEFAULT);

  /** Reads a section; what it does not say is as in {@code defaults}. */
  public static GuardConfig from(ConfigReader section, GuardConfig defaults) {
    return new GuardConfig(
        BreakerConfig.from(section.section("circuit_breaker"), defaults.breaker()),
        BulkheadConfig.from(section.section("bulkhead"), defaults.bulkhead()),
        AdaptiveConfig.from(section.section("adaptive_limit"), defaults.adaptive()),
        RetryBudgetConfig.from(section.section("retry_budget"), defaults.budget()));
  }
}
