package dev.stoa.orders;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.WorkUndone;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * What can be done with an order: each is decided by {@link OrderSaga} on the order as it is read,
 * and carried out by {@link SagaExecutor}. Several may be at the same order at once: each writes on
 * condition that the order is as it was read, and whoever comes second decides anew.
 */
final class OrderFlow {
  private static final int MAX_DECISIONS = 5;

  private final OrderStore orders;
  private final OrderSaga saga;
  private final SagaExecutor executor;
  private final InstantSource clock;

  OrderFlow(OrderStore orders, SagaSteps steps, OrderSaga saga, InstantSource clock) {
    this.orders = orders;
    this.saga = saga;
    this.executor = new SagaExecutor(orders, steps, saga, clock);
    this.clock = clock;
  }

  /** Writes down a new order and reserves its stock; fails, and holds nothing, where it cannot. */
  Future<Order> place(Order draft, Cause cause) {
    return orders
        .insert(draft, saga.placed(draft, cause, now()))
        .compose(pending -> executor.run(pending, cause))
        .compose(
            order -> order.status() == OrderStatus.CANCELLED ? changedMeanwhile() : same(order));
  }

  /**
   * Goes on with an order that an earlier attempt may have placed and nobody was told of; empty
   * where none has. Fails with {@link WorkUndone} where that order is off already.
   */
  Future<Optional<Order>> placeAgain(String orderId, Cause cause) {
    return orders
        .get(orderId)
        .compose(
            order ->
                order.status() == OrderStatus.PENDING ? executor.run(order, cause) : same(order),
            OrderFlow::noneIfNotFound)
        .map(
            order -> {
              if (order != null && order.status() == OrderStatus.CANCELLED) {
                throw new WorkUndone();
              }
              return Optional.ofNullable(order);
            });
  }

  private static Future<Order> noneIfNotFound(Throwable failure) {
    return failure instanceof ProblemException problem && problem.type() == ProblemType.NOT_FOUND
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }

  /**
   * Reads an order and does what {@code decision} says; again, if somebody else changed the order
   * meanwhile. An order that has expired is cancelled first.
   */
  Future<Order> decide(String orderId, Cause cause, Function<Order, Future<Order>> decision) {
    return decide(orderId, cause, decision, MAX_DECISIONS)
        .recover(
            failure ->
                failure instanceof StaleOrder ? changedMeanwhile() : Future.failedFuture(failure));
  }

  private Future<Order> decide(
      String orderId, Cause cause, Function<Order, Future<Order>> decision, int attempts) {
    return orders
        .get(orderId)
        .compose(order -> order.hasExpired(now()) ? takeUp(order, cause) : same(order))
        .compose(decision)
        .recover(
            failure ->
                failure instanceof StaleOrder && attempts > 1
                    ? decide(orderId, cause, decision, attempts - 1)
                    : Future.failedFuture(failure));
  }

  /** The order as it stands now: cancelled, where it has expired. */
  Future<Order> current(Order order, Cause cause) {
    return order.hasExpired(now()) ? decide(order.id(), cause, OrderFlow::same) : same(order);
  }

  /**
   * The order is paid by that payment; again and again if asked so. CONFLICT where it cannot be,
   * and then never will be by that payment; any other failure leaves it open.
   */
  Future<Order> settle(String orderId, String paymentId, Money amount, Cause cause) {
    return decide(
            orderId,
            cause,
            order -> {
              if (order.isPaidBy(paymentId)) {
                return same(order);
              }
              return order.isBeingPaidBy(paymentId)
                  ? goOn(order, cause)
                  : executor.write(order, saga.paid(order, paymentId, amount, cause, now()), cause);
            })
        .recover(OrderFlow::definite)
        .compose(
            order -> {
              if (order.isPaidBy(paymentId)) {
                return same(order);
              }
              return order.isBeingPaidBy(paymentId) ? open() : refuse("It cannot be paid.");
            });
  }

  private static Future<Order> definite(Throwable failure) {
    return StepOutcome.of(failure).phase() == SagaNote.Phase.REFUSED
        ? refuse(failure.getMessage())
        : Future.failedFuture(failure);
  }

  /** Cancels an order whose status allows it: gives its stock back, and its money before that. */
  Future<Order> cancel(Order order, Cause cause) {
    return order.owes(Duty.Kind.REFUND)
        ? goOn(order, cause)
        : executor.write(order, saga.cancelled(order, null, cause, now()), cause);
  }

  /** Goes one legal step forward that concerns nobody else. */
  Future<Order> advance(Order order, OrderStatus next, Cause cause) {
    return orders.advance(order, saga.advanced(order, next, cause, now()));
  }

  /** Does what is left to do for an order that nobody attends to. */
  Future<Order> takeUp(Order order, Cause cause) {
    return executor.write(order, saga.takenUp(order, cause, now()), cause);
  }

  /** Goes on with a step, at an operator's word. */
  Future<Order> resume(String orderId, Cause cause) {
    return decide(
        orderId,
        cause,
        order ->
            leftToTheSweep(executor.write(order, saga.resumed(order, cause, now()), cause), order));
  }

  /** Undoes what was done, at an operator's word. */
  Future<Order> compensate(String orderId, Cause cause) {
    return decide(
        orderId,
        cause,
        order ->
            leftToTheSweep(
                executor.write(order, saga.compensated(order, cause, now()), cause), order));
  }

  private Future<Order> leftToTheSweep(Future<Order> step, Order order) {
    return step.recover(
        failure ->
            failure instanceof StaleOrder
                    || StepOutcome.of(failure).phase() == SagaNote.Phase.REFUSED
                ? Future.failedFuture(failure)
                : orders.get(order.id()));
  }

  private Future<Order> goOn(Order order, Cause cause) {
    return order.needsAttention()
        ? open()
        : executor.write(order, saga.askedAgain(order, cause, now()), cause);
  }

  // No refusal: it may yet succeed.
  private static Future<Order> open() {
    return Future.failedFuture(
        new ProblemException(
            ProblemType.SERVICE_UNAVAILABLE, "The order is still being looked after."));
  }

  private Instant now() {
    return clock.instant();
  }

  private static Future<Order> same(Order order) {
    return Future.succeededFuture(order);
  }

  private static Future<Order> changedMeanwhile() {
    return refuse("The order was changed meanwhile.");
  }

  private static <T> Future<T> refuse(String detail) {
    return Future.failedFuture(new ProblemException(ProblemType.CONFLICT, detail));
  }
}
