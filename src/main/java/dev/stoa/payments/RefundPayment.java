package dev.stoa.payments;

import dev.stoa.payments.PaymentProvider.Outcome;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.service.Money;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Gives money back. All of it for an order that is not shipped means to cancel the order, which
 * order-service does and asks for the money in doing so; the rest is between us and the provider.
 */
final class RefundPayment {
  private final PaymentRepository payments;
  private final PaymentProvider provider;
  private final OrdersClient orders;
  private final PayOrder payOrder;
  private final InstantSource clock;
  private final Uuid7 ids;

  RefundPayment(
      PaymentRepository payments,
      PaymentProvider provider,
      OrdersClient orders,
      PayOrder payOrder,
      InstantSource clock) {
    this.payments = payments;
    this.provider = provider;
    this.orders = orders;
    this.payOrder = payOrder;
    this.clock = clock;
    this.ids = new Uuid7(clock);
  }

  /**
   * Refunds at somebody's request.
   *
   * @param amount as JSON decoding leaves it; empty for all that is left
   */
  Future<Payment> refund(
      String paymentId, Optional<Object> amount, Identity caller, String requestId) {
    return payments
        .get(paymentId)
        .compose(
            payment -> {
              requireRefundable(payment, caller);
              Money wanted = wanted(payment, amount);
              return wanted.equals(payment.rest())
                  ? refundAll(payment, caller, requestId)
                  : refundPart(payment, wanted, caller);
            })
        .compose(done -> payments.get(paymentId));
  }

  private static void requireRefundable(Payment payment, Identity caller) {
    if (!caller.mayActFor(payment.userId())) {
      throw PaymentRepository.notFound(payment.id());
    }
    if (!payment.status().isRefundable()) {
      throw new ProblemException(
          ProblemType.CONFLICT,
          "The payment is " + payment.status().text() + "; there is nothing to give back.");
    }
  }

  private static Money wanted(Payment payment, Optional<Object> amount) {
    Money rest = payment.rest();
    Money wanted = amount.map(given -> Money.parse(given, rest.currency(), "amount")).orElse(rest);
    if (wanted.minorUnits() > rest.minorUnits()) {
      throw tooMuch(rest);
    }
    return wanted;
  }

  private static ProblemException tooMuch(Money rest) {
    String reason = "must be at most " + rest.toJson() + ", all that is left";
    return new ProblemException(ProblemType.AMOUNT_MISMATCH, "No more is given back than was paid.")
        .withErrors(List.of(new FieldError("amount", reason)));
  }

  private Future<Void> refundAll(Payment payment, Identity caller, String requestId) {
    return orders
        .get(payment.orderId(), requestId)
        .compose(
            order -> {
              if (order.status().equals("paid")) {
                return orders.cancel(order.id(), requestId);
              }
              requireAdmin(caller, "The order is " + order.status() + "; ask the shop.");
              return give(payment, payment.rest());
            });
  }

  // Who keeps the goods does not decide alone how much of the price to get back.
  private Future<Void> refundPart(Payment payment, Money amount, Identity caller) {
    requireAdmin(caller, "Only the shop gives back a part; you may have it all and the order off.");
    return give(payment, amount);
  }

  private static void requireAdmin(Identity caller, String detail) {
    if (!caller.isAdmin()) {
      throw new ProblemException(ProblemType.FORBIDDEN, detail);
    }
  }

  private Future<Void> give(Payment payment, Money amount) {
    Refund refund = new Refund(ids.next(), payment.id(), amount);
    Instant now = clock.instant();
    return payments
        .beginRefund(refund, now, now.plus(PayOrder.GRACE))
        .compose(
            begun ->
                begun
                    ? finish(refund)
                    : Future.failedFuture(
                        new ProblemException(
                            ProblemType.CONFLICT, "Another refund came first; look again.")));
  }

  private Future<Void> finish(Refund refund) {
    return provider
        .refund(refund.id(), refund.paymentId(), refund.amount())
        .<Outcome>recover(failure -> Future.failedFuture(unknown(refund)))
        .compose(
            outcome ->
                outcome == Outcome.APPROVED
                    ? payments.completeRefund(refund)
                    : payments.refuseRefund(refund).compose(done -> refused()));
  }

  private static Future<Void> refused() {
    return Future.failedFuture(
        new ProblemException(ProblemType.CONFLICT, "The provider does not give the money back."));
  }

  private static ProblemException unknown(Refund refund) {
    return new ProblemException(
            ProblemType.GATEWAY_TIMEOUT,
            "The provider did not answer; the refund is looked after and will be concluded.")
        .with("refund_id", refund.id());
  }

  /** Gives back what is left of all that was paid for an order; again and again if asked so. */
  Future<Payment> refundOrder(String orderId, String requestId) {
    return payments
        .ofOrder(orderId)
        .map(found -> inForce(orderId, found))
        .compose(payment -> concluded(payment, requestId))
        .compose(payment -> finishAll(payment).compose(done -> payments.get(payment.id())))
        .compose(
            payment ->
                payment.status().isRefundable()
                    ? give(payment, payment.rest()).compose(done -> payments.get(payment.id()))
                    : Future.succeededFuture(payment));
  }

  // Failed payments do not count, and of the others at most one is not refunded.
  private static Payment inForce(String orderId, List<Payment> found) {
    return found.stream()
        .filter(payment -> payment.status() != PaymentStatus.FAILED)
        .reduce((one, other) -> other.status() == PaymentStatus.REFUNDED ? one : other)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemType.NOT_FOUND, "There is no payment of order " + orderId + "."));
  }

  private Future<Payment> concluded(Payment payment, String requestId) {
    return payment.status() == PaymentStatus.PENDING
        ? payOrder.resume(payment, requestId)
        : Future.succeededFuture(payment);
  }

  /** Finishes refunds that were begun and not ended. */
  Future<Void> finishAll(Payment payment) {
    return payments
        .pendingRefunds(payment)
        .compose(
            refunds -> {
              Future<Void> chain = Future.succeededFuture();
              for (Refund refund : refunds) {
                chain = chain.compose(done -> finish(refund));
              }
              return chain;
            });
  }
}
