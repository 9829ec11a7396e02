package dev.stoa.payments;

import dev.stoa.payments.Orders.OrderView;
import dev.stoa.persistence.UniqueViolation;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.Work;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Takes the money for an order that somebody wants to pay and may. A payment is written down as
 * {@code pending} before the provider is asked, and {@linkplain ConcludePayment concluded} then.
 */
final class PayOrder {
  /** How long after it was begun nobody waits for a payment or refund any more. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final PaymentStore payments;
  private final Orders orders;
  private final ConcludePayment concludePayment;
  private final InstantSource clock;

  /**
   * What a user asks for.
   *
   * @param amount as JSON decoding leaves it
   * @param currency null where the user leaves it to the order
   */
  record Wish(String orderId, String method, Object amount, String currency) {}

  PayOrder(
      PaymentStore payments, Orders orders, ConcludePayment concludePayment, InstantSource clock) {
    this.payments = payments;
    this.orders = orders;
    this.concludePayment = concludePayment;
    this.clock = clock;
  }

  /** The payment, completed or failed; the one that an earlier attempt has begun, if any. */
  Future<Payment> pay(Work work, Wish wish, String userId, String requestId) {
    Future<Payment> begun =
        work.again() ? find(work.id()) : Future.succeededFuture(); // null where there is none
    return begun.compose(
        payment ->
            payment == null
                ? payNew(work.id(), wish, userId, requestId)
                : goOn(payment, requestId));
  }

  private Future<Payment> find(String paymentId) {
    return payments
        .get(paymentId)
        .recover(
            failure ->
                failure instanceof ProblemException problem
                        && problem.type() == ProblemType.NOT_FOUND
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private Future<Payment> goOn(Payment payment, String requestId) {
    return payment.status() == PaymentStatus.PENDING
        ? concludePayment.resume(payment, requestId)
        : Future.succeededFuture(payment);
  }

  private Future<Payment> payNew(String id, Wish wish, String userId, String requestId) {
    return orders
        .get(wish.orderId(), requestId)
        .compose(
            order -> {
              requirePayable(order, userId);
              requireAmount(wish, order.total());
              return begin(id, order, wish.method());
            })
        .compose(
            pending ->
                concludePayment
                    .charge(pending, requestId)
                    .recover(failure -> leaveToTheSweep(pending, failure)));
  }

  // From now on nobody waits for it. Nothing, where it has come to an end.
  private Future<Payment> leaveToTheSweep(Payment pending, Throwable failure) {
    return payments
        .postpone(pending, clock.instant().plus(FIRST_PAUSE))
        .transform(done -> Future.failedFuture(failure));
  }

  // Somebody else's order is answered like one that does not exist.
  private static void requirePayable(OrderView order, String userId) {
    if (!order.userId().equals(userId)) {
      throw new ProblemException(ProblemType.NOT_FOUND, "There is no order " + order.id() + ".");
    }
    switch (order.status()) {
      case "reserved" -> {}
      case "paid", "shipped", "delivered" -> throw alreadyPaid();
      default ->
          throw new ProblemException(
              ProblemType.CONFLICT, "The order is " + order.status() + " and cannot be paid.");
    }
  }

  private static void requireAmount(Wish wish, Money total) {
    Money offered = Money.parse(wish.amount(), total.currency(), "amount");
    if (!offered.equals(total)) {
      throw mismatch("amount", total.toJson().toPlainString(), total);
    }
    if (wish.currency() != null && !wish.currency().equals(total.currency())) {
      throw mismatch("currency", total.currency(), total);
    }
  }

  private static ProblemException mismatch(String field, String expected, Money total) {
    return new ProblemException(
            ProblemType.AMOUNT_MISMATCH,
            "The order costs " + total.toJson() + " " + total.currency() + ".")
        .withErrors(List.of(new FieldError(field, "must be " + expected)));
  }

  private static ProblemException alreadyPaid() {
    return new ProblemException(ProblemType.ALREADY_PAID, "The order is paid already.");
  }

  private Future<Payment> begin(String id, OrderView order, String method) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    Money none = new Money(0, order.total().currency());
    Payment pending =
        new Payment(
            id,
            order.id(),
            order.userId(),
            order.total(),
            method,
            now,
            PaymentStatus.PENDING,
            none,
            none,
            0);
    return payments
        .insert(pending, now.plus(GRACE))
        .recover(
            failure ->
                failure instanceof UniqueViolation
                    ? secondPayment(order.id())
                    : Future.failedFuture(failure));
  }

  private Future<Payment> secondPayment(String orderId) {
    return payments
        .ofOrder(orderId)
        .map(
            found -> {
              if (found.stream().anyMatch(payment -> payment.status().isRefundable())) {
                throw alreadyPaid();
              }
              throw new ProblemException(
                  ProblemType.CONFLICT, "A payment of this order is under way.");
            });
  }
}
