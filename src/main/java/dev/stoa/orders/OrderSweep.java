package dev.stoa.orders;

import dev.stoa.service.Sweep;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attends to orders that have expired, and to those whose last step failed or was cut off. */
final class OrderSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrderSweep.class);

  private final OrderFlow flow;
  private final Supplier<String> ids;

  private OrderSweep(OrderFlow flow, Supplier<String> ids) {
    this.flow = flow;
    this.ids = ids;
  }

  static Sweep<Order> of(
      OrderStore orders, OrderFlow flow, InstantSource clock, Supplier<String> ids) {
    return new Sweep<>("orders", orders, Order::id, new OrderSweep(flow, ids)::takeUp, clock);
  }

  private Future<Void> takeUp(Order order) {
    Cause cause = new Cause("service:order-service", ids.get());
    return Future.<Void>succeededFuture()
        .compose(go -> flow.takeUp(order, cause))
        .<Void>mapEmpty()
        .otherwise(
            failure -> {
              if (!(failure instanceof StaleOrder)) {
                LOG.warn(
                    "{}: order {} is not done: {}",
                    cause.requestId(),
                    order.id(),
                    failure.toString());
              }
              return null;
            });
  }
}
