package dev.stoa.payments;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Gives money back. All of it for an order that is not shipped means to cancel the order, which
 * order-service does and asks for the money in doing so; the rest is between us and the provider.
 */
final class RefundPayment {
  private final PaymentStore payments;
  private final Orders orders;
  private final GiveBack giveBack;

  RefundPayment(PaymentStore payments, Orders orders, GiveBack giveBack) {
    this.payments = payments;
    this.orders = orders;
    this.giveBack = giveBack;
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

  private Future<Void> give(Payment payment, Money amount) {
    return giveBack
        .give(payment, amount)
        .map(
            given -> {
              if (!given) {
                throw new ProblemException(
                    ProblemType.CONFLICT, "Another refund came first; look again.");
              }
              return null;
            });
  }

  private static void requireAdmin(Identity caller, String detail) {
    if (!caller.isAdmin()) {
      throw new ProblemException(ProblemType.FORBIDDEN, detail);
    }
  }
}
