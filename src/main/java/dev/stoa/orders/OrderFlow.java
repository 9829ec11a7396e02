package dev.stoa.orders;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of an order and their order: the only place that knows them. Every step can be repeated
 * without harm. A step of another service that a change makes necessary is written down with that
 * change as the order's {@link Duty}, tried at once, and left to the sweep if that fails.
 */
final class OrderFlow {
  private static final Logger LOG = LoggerFactory.getLogger(OrderFlow.class);
  private static final int MAX_DECISIONS = 5;

  // Longer than a step takes whose answer somebody still waits for.
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final OrderRepository orders;
  private final ProductsClient products;
  private final PaymentsClient payments;
  private final InstantSource clock;

  OrderFlow(
      OrderRepository orders,
      ProductsClient products,
      PaymentsClient payments,
      InstantSource clock) {
    this.orders = orders;
    this.products = products;
    this.payments = payments;
    this.clock = clock;
  }

  /** Writes down a new order and reserves its stock; fails, and holds nothing, where it cannot. */
  Future<Order> place(Order draft, Cause cause) {
    return orders
        .insert(draft, event("created", draft.progress(), cause, null))
        .compose(pending -> reserve(pending, cause));
  }

  private Future<Order> reserve(Order pending, Cause cause) {
    return products
        .reserve(pending, cause.requestId())
        .compose(held -> advance(pending, OrderStatus.RESERVED, cause))
        .recover(failure -> abandon(pending, cause, failure))
        .recover(OrderFlow::conflict);
  }

  // A refusal says that nothing is held; after anything else something may be.
  private Future<Order> abandon(Order pending, Cause cause, Throwable failure) {
    boolean refused = failure instanceof ProblemException problem && problem.type().status() < 500;
    String why = refused ? failure.getMessage() : "It is unknown whether the stock was reserved.";
    Optional<Duty> duty = refused ? Optional.empty() : soon(Duty.Kind.RELEASE);
    return become(pending, pending.progress().next(OrderStatus.CANCELLED, duty), cause, why)
        .compose(
            cancelled -> refused ? Future.succeededFuture(cancelled) : tryRelease(cancelled, cause))
        .transform(done -> Future.failedFuture(failure));
  }

  /**
   * Reads an order and does what {@code decision} says; again, if somebody else changed the order
   * meanwhile. An order that has expired is cancelled first.
   */
  Future<Order> decide(String orderId, Cause cause, Function<Order, Future<Order>> decision) {
    return decide(orderId, cause, decision, MAX_DECISIONS).recover(OrderFlow::conflict);
  }

  private Future<Order> decide(
      String orderId, Cause cause, Function<Order, Future<Order>> decision, int attempts) {
    return orders
        .get(orderId)
        .compose(order -> order.hasExpired(clock.instant()) ? expire(order, cause) : same(order))
        .compose(decision)
        .recover(
            failure ->
                failure instanceof StaleOrder && attempts > 1
                    ? decide(orderId, cause, decision, attempts - 1)
                    : Future.failedFuture(failure));
  }

  /** The order as it stands now: cancelled, where it has expired. */
  Future<Order> current(Order order, Cause cause) {
    return order.hasExpired(clock.instant())
        ? decide(order.id(), cause, OrderFlow::same)
        : same(order);
  }

  /** The order is paid by that payment; again and again if asked so. */
  Future<Order> settle(String orderId, String paymentId, Money amount, Cause cause) {
    return decide(
            orderId,
            cause,
            order ->
                order.isPaidBy(paymentId) ? same(order) : paid(order, paymentId, amount, cause))
        .compose(order -> order.owes(Duty.Kind.COMMIT) ? tryCommit(order, cause) : same(order));
  }

  private Future<Order> paid(Order order, String paymentId, Money amount, Cause cause) {
    if (order.status() != OrderStatus.RESERVED) {
      return refuse("The order is " + order.status().text() + " and cannot be paid.");
    }
    if (!amount.equals(order.total())) {
      return refuse("The order costs " + order.total().toJson() + " " + order.total().currency());
    }
    Progress paid =
        order.progress().next(OrderStatus.PAID, soon(Duty.Kind.COMMIT)).paidBy(paymentId);
    return become(order, paid, cause, "payment " + paymentId);
  }

  /** Cancels an order whose status allows it: gives its stock back, and its money before that. */
  Future<Order> cancel(Order order, Cause cause) {
    return order.status() == OrderStatus.PAID
        ? refund(order, cause)
        : cancelled(order, cause, null);
  }

  private Future<Order> expire(Order order, Cause cause) {
    return cancelled(order, cause, "not paid in time");
  }

  private Future<Order> cancelled(Order order, Cause cause, String why) {
    Progress next = order.progress().next(OrderStatus.CANCELLED, soon(Duty.Kind.RELEASE));
    return become(order, next, cause, why).compose(cancelled -> tryRelease(cancelled, cause));
  }

  private Future<Order> refund(Order paid, Cause cause) {
    return (paid.owes(Duty.Kind.REFUND) ? same(paid) : requestRefund(paid, cause))
        .compose(
            order ->
                payments
                    .refund(order.id(), cause.requestId())
                    .compose(
                        done -> cancelled(order, cause, "refunded"),
                        failure -> keepPaid(order, cause, failure)));
  }

  // An order owes one thing at a time: the reservation first.
  private Future<Order> requestRefund(Order paid, Cause cause) {
    return (paid.owes(Duty.Kind.COMMIT) ? commit(paid, cause) : same(paid))
        .compose(order -> note(order, soon(Duty.Kind.REFUND), "refund_requested", cause, null));
  }

  // After a refusal the order stays paid. After anything else the money may be on its way back, so
  // that the refund has to be seen through.
  private Future<Order> keepPaid(Order order, Cause cause, Throwable failure) {
    if (failure instanceof ProblemException problem && problem.type().status() < 500) {
      return note(order, Optional.empty(), "refund_refused", cause, failure.getMessage())
          .compose(kept -> Future.failedFuture(failure));
    }
    return Future.failedFuture(failure);
  }

  /** Goes one legal step forward that concerns nobody else. */
  Future<Order> advance(Order order, OrderStatus next, Cause cause) {
    if (order.owes(Duty.Kind.REFUND)) {
      return refuse("The order is being cancelled.");
    }
    return become(order, order.progress().next(next, order.progress().duty()), cause, null);
  }

  /** Does what is left to do for an order that nobody attends to. */
  Future<Order> resume(Order order, Cause cause) {
    Duty duty = order.progress().duty().orElseThrow();
    return switch (duty.kind()) {
      case EXPIRE -> expire(order, cause);
      case RELEASE -> release(order, cause);
      case COMMIT -> commit(order, cause);
      case REFUND -> refund(order, cause);
    };
  }

  private Future<Order> release(Order order, Cause cause) {
    return products
        .release(order.id(), cause.requestId())
        .compose(done -> note(order, Optional.empty(), "stock_released", cause, null));
  }

  private Future<Order> commit(Order order, Cause cause) {
    return products
        .commit(order.id(), cause.requestId())
        .compose(done -> note(order, Optional.empty(), "stock_committed", cause, null));
  }

  private Future<Order> tryRelease(Order order, Cause cause) {
    return leftToTheSweep(release(order, cause), order, cause);
  }

  private Future<Order> tryCommit(Order order, Cause cause) {
    return leftToTheSweep(commit(order, cause), order, cause);
  }

  private static Future<Order> leftToTheSweep(Future<Order> step, Order order, Cause cause) {
    return step.otherwise(
        failure -> {
          LOG.warn(
              "{}: order {} still owes {}: {}",
              cause.requestId(),
              order.id(),
              order.progress().duty(),
              failure.toString());
          return order;
        });
  }

  private Future<Order> become(Order order, Progress next, Cause cause, String detail) {
    return orders.advance(order, next, event(next.status().text(), next, cause, detail));
  }

  private Future<Order> note(
      Order order, Optional<Duty> duty, String event, Cause cause, String detail) {
    Progress next = order.progress().next(order.status(), duty);
    return orders.advance(order, next, event(event, next, cause, detail));
  }

  private OrderEvent event(String event, Progress progress, Cause cause, String detail) {
    return new OrderEvent(clock.instant(), event, progress.status(), cause, detail);
  }

  private Optional<Duty> soon(Duty.Kind kind) {
    return Optional.of(new Duty(kind, clock.instant().plus(GRACE)));
  }

  private static Future<Order> same(Order order) {
    return Future.succeededFuture(order);
  }

  private static <T> Future<T> refuse(String detail) {
    return Future.failedFuture(new ProblemException(ProblemType.CONFLICT, detail));
  }

  private static <T> Future<T> conflict(Throwable failure) {
    return failure instanceof StaleOrder
        ? refuse("The order was changed meanwhile.")
        : Future.failedFuture(failure);
  }
}
