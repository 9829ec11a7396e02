package dev.stoa.payments;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import java.util.List;

/** Gives back what was paid for an order, because order-service cancels it. */
final class RefundOrder {
  private final PaymentRepository payments;
  private final PayOrder payOrder;
  private final GiveBack giveBack;

  RefundOrder(PaymentRepository payments, PayOrder payOrder, GiveBack giveBack) {
    this.payments = payments;
    this.payOrder = payOrder;
    this.giveBack = giveBack;
  }

  /**
   * Gives back what is left of all that was paid for an order; again and again if asked so. Looks
   * again after each refund, as somebody else's may have come first.
   */
  Future<Payment> refund(String orderId, String requestId) {
    return payments
        .ofOrder(orderId)
        .map(found -> inForce(orderId, found))
        .compose(payment -> concluded(payment, requestId))
        .compose(payment -> giveBack.finishAll(payment).compose(done -> payments.get(payment.id())))
        .compose(
            payment ->
                payment.status().isRefundable()
                    ? giveBack
                        .give(payment, payment.rest())
                        .compose(done -> refund(orderId, requestId))
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
}
