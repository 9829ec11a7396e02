package dev.stoa.orders;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import io.vertx.core.Future;

/** Sets an order's status at somebody's request: who may, and what is legal. */
final class ChangeStatus {
  private final OrderFlow flow;

  ChangeStatus(OrderFlow flow) {
    this.flow = flow;
  }

  Future<Order> change(String orderId, OrderStatus next, Identity caller, Cause cause) {
    return flow.decide(
        orderId,
        cause,
        order -> {
          requireAllowed(order, next, caller);
          requireLegal(order.status(), next);
          return next == OrderStatus.CANCELLED
              ? flow.cancel(order, cause)
              : flow.advance(order, next, cause);
        });
  }

  private static void requireAllowed(Order order, OrderStatus next, Identity caller) {
    if (!caller.mayActFor(order.userId())) {
      throw OrderRepository.notFound(order.id());
    }
    boolean staff = caller.isAdmin() || caller.isService();
    if (!staff && next != OrderStatus.CANCELLED) {
      throw new ProblemException(ProblemType.FORBIDDEN, "You may only cancel your order.");
    }
  }

  private static void requireLegal(OrderStatus current, OrderStatus next) {
    if (!next.isSetByHand() || !current.mayBecome(next)) {
      String because = next.isSetByHand() ? "." : " by hand.";
      throw new ProblemException(
              ProblemType.ILLEGAL_TRANSITION,
              "An order that is " + current.text() + " cannot become " + next.text() + because)
          .with("from", current.text())
          .with("to", next.text());
    }
  }
}
