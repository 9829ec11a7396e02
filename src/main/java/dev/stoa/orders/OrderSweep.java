package dev.stoa.orders;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attends to orders that nobody else attends to: those that have expired, and those whose last step
 * failed or was cut off.
 */
final class OrderSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrderSweep.class);
  private static final int MAX_ORDERS = 100;
  // So many at once: one that hangs does not hold up the others.
  private static final int LANES = 16;

  private final OrderStore orders;
  private final OrderFlow flow;
  private final InstantSource clock;
  private final Supplier<String> ids;

  OrderSweep(OrderStore orders, OrderFlow flow, InstantSource clock, Supplier<String> ids) {
    this.orders = orders;
    this.flow = flow;
    this.clock = clock;
    this.ids = ids;
  }

  /** One round: all that a process was at which is gone, and so many others at most. */
  Future<Void> round() {
    return resume().compose(done -> run());
  }

  /** So many at most whose time has come. */
  Future<Void> run() {
    return orders.neglected(clock.instant(), MAX_ORDERS).compose(this::takeUpAll);
  }

  /** All orders amid a step at which nobody is any more. */
  Future<Void> resume() {
    return resume("");
  }

  private Future<Void> resume(String after) {
    return orders
        .unfinished(after, MAX_ORDERS)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture();
              }
              LOG.info("Taking up {} orders that were left amid a step", found.size());
              return takeUpAll(found).compose(done -> resume(found.get(found.size() - 1).id()));
            });
  }

  private Future<Void> takeUpAll(List<Order> found) {
    List<Future<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Math.min(LANES, found.size()); lane++) {
      Future<Void> chain = Future.succeededFuture();
      for (int i = lane; i < found.size(); i += LANES) {
        Order order = found.get(i);
        chain = chain.compose(done -> takeUp(order));
      }
      lanes.add(chain);
    }
    return Future.join(lanes).mapEmpty();
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
