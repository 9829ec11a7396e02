package dev.stoa.products;

import dev.stoa.config.ConfigReader;
import dev.stoa.service.Money;

/**
 * What can be configured of the product service.
 *
 * @param currency of products whose price comes without one: {@code currency}
 */
public record ProductsConfig(String currency) {
  private static final String DEFAULT_CURRENCY = "USD";

  public static ProductsConfig from(ConfigReader root) {
    String currency = root.string("currency", DEFAULT_CURRENCY);
    if (!Money.isCurrency(currency)) {
      root.error("currency", "an ISO 4217 code such as USD");
      currency = DEFAULT_CURRENCY;
    }
    return new ProductsConfig(currency);
  }
}
