package dev.stoa.payments;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import java.util.List;

/** Gives back what was paid for an order, because order-service cancels it. */
final class RefundOrder {
  private static final int MAX_LOOKS = 5;

  private final PaymentStore payments;
  private final RefundStore refunds;
  private final ConcludePayment concludePayment;
  private final GiveBack giveBack;

  RefundOrder(
      PaymentStore payments,
      RefundStore refunds,
      ConcludePayment concludePayment,
      GiveBack giveBack) {
    this.payments = payments;
    this.refunds = refunds;
    this.concludePayment = concludePayment;
    this.giveBack = giveBack;
  }

  /**
   * Gives back what is left of all that was paid for an order; again and again if asked so. What
   * came of a key stays so: a copy of a request that was refused, arriving late, must not give back
   * the money of an order that has stayed paid.
   */
  Future<Payment> refund(String orderId, String key, String requestId) {
    return refund(orderId, key, requestId, MAX_LOOKS);
  }

  private Future<Payment> refund(String orderId, String key, String requestId, int looks) {
    return refunds
        .find(key)
        .compose(
            known ->
                known.isPresent()
                    ? again(known.get())
                    : refundRest(orderId, key, requestId, looks));
  }

  private Future<Payment> again(RefundStore.Entry known) {
    return giveBack.again(known).compose(done -> payments.get(known.refund().paymentId()));
  }

  // Looks again where somebody else's refund came first.
  private Future<Payment> refundRest(String orderId, String key, String requestId, int looks) {
    return payments
        .ofOrder(orderId)
        .map(found -> inForce(orderId, found))
        .compose(payment -> concluded(payment, requestId))
        .compose(payment -> giveBack.finishAll(payment).compose(done -> payments.get(payment.id())))
        .compose(
            payment ->
                payment.status().isRefundable()
                    ? giveBack
                        .give(payment, payment.rest(), key)
                        .compose(
                            given ->
                                given
                                    ? payments.get(payment.id())
                                    : lookAgain(orderId, key, requestId, looks - 1))
                    : Future.succeededFuture(payment));
  }

  private Future<Payment> lookAgain(String orderId, String key, String requestId, int looks) {
    return looks == 0
        ? Future.failedFuture(
            new ProblemException(
                ProblemType.SERVICE_UNAVAILABLE, "Other refunds are under way; ask again."))
        : refund(orderId, key, requestId, looks);
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
        ? concludePayment.resume(payment, requestId)
        : Future.succeededFuture(payment);
  }
}
