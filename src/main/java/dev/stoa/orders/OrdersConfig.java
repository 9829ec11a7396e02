package dev.stoa.orders;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * What an operator sets about orders: section {@code orders}. Reloadable.
 *
 * @param hold how long stock is kept for an order that is not paid
 * @param sweepInterval the pause between two looks for orders that nobody attends to
 */
public record OrdersConfig(Duration hold, Duration sweepInterval) {

  public static OrdersConfig from(ConfigReader root) {
    ConfigReader own = root.section("orders");
    return new OrdersConfig(
        own.duration("hold", Duration.ofMinutes(15)),
        own.duration("sweep_interval", Duration.ofSeconds(30)));
  }
}
