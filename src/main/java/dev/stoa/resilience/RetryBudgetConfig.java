package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;

/**
 * How many retries and hedges an upstream gets: {@code retry_budget} of the configuration.
 *
 * @param ratio for each request
 * @param floor for each second, in any case
 */
public record RetryBudgetConfig(double ratio, double floor) {
  public static final RetryBudgetConfig DEFAULT = new RetryBudgetConfig(0.2, 10);

  private static final int MOST_PER_SECOND = 100_000;

  static RetryBudgetConfig from(ConfigReader at, RetryBudgetConfig defaults) {
    return new RetryBudgetConfig(
        at.decimal("ratio", defaults.ratio(), 0, 1),
        at.decimal("floor", defaults.floor(), 0, MOST_PER_SECOND));
  }
}
