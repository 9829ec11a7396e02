package dev.stoa.products;

import dev.stoa.config.ConfigReader;
import dev.stoa.service.Money;
import java.time.Duration;

/**
 * What can be configured of the product service. Reloadable.
 *
 * @param currency of products whose price comes without one: {@code currency}
 * @param hold how long stock is kept for an order that does not say: {@code products.hold}
 * @param maxHold how long it is kept at most, whatever the order says: {@code products.max_hold}
 * @param sweepInterval the pause between two looks for holds that have lapsed
 */
public record ProductsConfig(
    String currency, Duration hold, Duration maxHold, Duration sweepInterval) {
  private static final String DEFAULT_CURRENCY = "USD";
  private static final Duration DEFAULT_HOLD = Duration.ofMinutes(15);
  private static final Duration DEFAULT_MAX_HOLD = Duration.ofDays(1);
  private static final Duration DEFAULT_SWEEP = Duration.ofSeconds(10);

  /** All but the currency as it comes. */
  public ProductsConfig(String currency) {
    this(currency, DEFAULT_HOLD, DEFAULT_MAX_HOLD, DEFAULT_SWEEP);
  }

  public static ProductsConfig from(ConfigReader root) {
    String currency = root.string("currency", DEFAULT_CURRENCY);
    if (!Money.isCurrency(currency)) {
      root.error("currency", "an ISO 4217 code such as USD");
      currency = DEFAULT_CURRENCY;
    }
    ConfigReader own = root.section("products");
    return new ProductsConfig(
        currency,
        own.duration("hold", DEFAULT_HOLD),
        own.duration("max_hold", DEFAULT_MAX_HOLD),
        own.duration("sweep_interval", DEFAULT_SWEEP));
  }
}
