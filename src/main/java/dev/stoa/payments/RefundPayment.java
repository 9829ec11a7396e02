package dev.stoa.payments;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.service.Money;
import dev.stoa.service.Work;
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
   * Refunds at somebody's request; what an earlier attempt at the same work gave back, it does not
   * give back again.
   *
   * @param amount as JSON decoding leaves it; empty for all that is left
   */
  Future<Payment> refund(
      Work work, String paymentId, Optional<Object> amount, Identity caller, String requestId) {
    Future<Optional<Payment>> given =
        work.again() ? given(work, paymentId) : Future.succeededFuture(Optional.empty());
    return given.compose(
        payment ->
            payment
                .map(Future::succeededFuture)
                .orElseGet(() -> refundNow(work.id(), paymentId, amount, caller, requestId)));
  }

  private Future<Optional<Payment>> given(Work work, String paymentId) {
    return giveBack
        .again(work.id())
        .compose(
            begun ->
                payments
                    .get(paymentId)
                    .map(
                        payment ->
                            begun || payment.status() == PaymentStatus.REFUNDED
                                ? Optional.of(payment)
                                : Optional.empty()));
  }

  private Future<Payment> refundNow(
      String key, String paymentId, Optional<Object> amount, Identity caller, String requestId) {
    return payments
        .get(paymentId)
        .compose(
            payment -> {
              requireRefundable(payment, caller);
              Money wanted = wanted(payment, amount);
              return wanted.equals(payment.rest())
                  ? refundAll(key, payment, caller, requestId)
                  : refundPart(key, payment, wanted, caller);
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

  private Future<Void> refundAll(String key, Payment payment, Identity caller, String requestId) {
    return orders
        .get(payment.orderId(), requestId)
        .compose(
            order -> {
              if (order.status().equals("paid")) {
                return orders.cancel(order.id(), requestId);
              }
              requireAdmin(caller, "The order is " + order.status() + "; ask the shop.");
              return orConflict(giveBack.give(payment, payment.rest(), key));
            });
  }

  // Who keeps the goods does not decide alone how much of the price to get back.
  private Future<Void> refundPart(String key, Payment payment, Money amount, Identity caller) {
    requireAdmin(caller, "Only the shop gives back a part; you may have it all and the order off.");
    return orConflict(giveBack.givePart(payment, amount, key));
  }

  private static Future<Void> orConflict(Future<Boolean> giving) {
    return giving.map(
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
