package dev.stoa.orders;

import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attends to orders that nobody else attends to: those that have expired, and those whose last step
 * failed or was cut off.
 */
final class OrderSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrderSweep.class);
  private static final int MAX_ORDERS = 100;
  private static final Duration BACK_OFF = Duration.ofMinutes(1);

  private final OrderRepository orders;
  private final OrderFlow flow;
  private final InstantSource clock;
  private final Uuid7 ids;

  OrderSweep(OrderRepository orders, OrderFlow flow, InstantSource clock) {
    this.orders = orders;
    this.flow = flow;
    this.clock = clock;
    this.ids = new Uuid7(clock);
  }

  /** One round: so many orders at most, one after the other. */
  Future<Void> run() {
    return orders.neglected(clock.instant(), MAX_ORDERS).compose(this::resumeAll);
  }

  private Future<Void> resumeAll(List<Order> neglected) {
    Future<Void> chain = Future.succeededFuture();
    for (Order order : neglected) {
      chain = chain.compose(done -> resume(order));
    }
    return chain;
  }

  private Future<Void> resume(Order order) {
    Cause cause = new Cause("service:order-service", ids.next());
    return flow.resume(order, cause)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              LOG.warn(
                  "{}: order {} still owes {}: {}",
                  cause.requestId(),
                  order.id(),
                  order.progress().duty(),
                  failure.toString());
              return orders.postpone(order, clock.instant().plus(BACK_OFF)).mapEmpty();
            });
  }
}
