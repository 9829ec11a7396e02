package dev.stoa.orders;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * What an operator sets about orders: section {@code orders}. Reloadable.
 *
 * @param hold how long stock is kept for an order that is not paid
 * @param sweepInterval the pause between two looks for orders that nobody attends to
 * @param checkInterval the pause between two checks of the invariants
 */
public record OrdersConfig(
    Duration hold, Duration sweepInterval, Duration checkInterval, SagaConfig saga) {

  /**
   * How much longer than an order its reservation lasts: the order lets go of its stock itself, and
   * products does where orders does not come to it.
   */
  public static final Duration HOLD_MARGIN = Duration.ofMinutes(1);

  /** With the rest as it comes. */
  public OrdersConfig(Duration hold, Duration sweepInterval) {
    this(hold, sweepInterval, Duration.ofMinutes(1), SagaConfig.DEFAULT);
  }

  public static OrdersConfig from(ConfigReader root) {
    ConfigReader own = root.section("orders");
    return new OrdersConfig(
        own.duration("hold", Duration.ofMinutes(15)),
        own.duration("sweep_interval", Duration.ofSeconds(1)),
        own.duration("check_interval", Duration.ofMinutes(1)),
        SagaConfig.from(own.section("saga")));
  }
}
