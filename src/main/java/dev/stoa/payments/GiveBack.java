package dev.stoa.payments;

import dev.stoa.payments.PaymentProvider.Outcome;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Gives money of a completed payment back. A refund is written down, with its amount set aside,
 * before the provider is asked; until both know its end it can be taken up again.
 */
final class GiveBack {
  private final RefundStore refunds;
  private final PaymentProvider provider;
  private final InstantSource clock;

  GiveBack(RefundStore refunds, PaymentProvider provider, InstantSource clock) {
    this.refunds = refunds;
    this.provider = provider;
    this.clock = clock;
  }

  /**
   * Gives that much back, under a key that the caller knows to be new; false, and nothing done,
   * where it is not there any more.
   *
   * @param key also the refund's key at the provider
   */
  Future<Boolean> give(Payment payment, Money amount, String key) {
    return give(payment, amount, 0, key);
  }

  /** The same, where something is left after it: of two halves, asked for at once, one is given. */
  Future<Boolean> givePart(Payment payment, Money amount, String key) {
    return give(payment, amount, 1, key);
  }

  private Future<Boolean> give(Payment payment, Money amount, long left, String key) {
    Refund refund = new Refund(key, payment.id(), amount);
    Instant now = clock.instant();
    return refunds
        .begin(refund, left, now, now.plus(PayOrder.GRACE))
        .compose(begun -> begun ? finish(refund).map(true) : Future.succeededFuture(false));
  }

  /** Sees the refund of that key through, where it was begun before; false where it was not. */
  Future<Boolean> again(String key) {
    return refunds
        .find(key)
        .compose(
            known ->
                known.isPresent() ? again(known.get()).map(true) : Future.succeededFuture(false));
  }

  /** The same for a refund that was found. What came of a refund stays so. */
  Future<Void> again(RefundStore.Entry known) {
    return switch (known.state()) {
      case COMPLETED -> Future.succeededFuture();
      case REFUSED -> refused();
      case PENDING -> finish(known.refund());
    };
  }

  /** Sees a refund through that was begun; CONFLICT where the provider refuses it. */
  Future<Void> finish(Refund refund) {
    return provider
        .refund(refund.id(), refund.paymentId(), refund.amount())
        .<Outcome>recover(failure -> Future.failedFuture(unknown(refund)))
        .compose(
            outcome ->
                outcome == Outcome.APPROVED
                    ? refunds.complete(refund, clock.instant())
                    : refunds.refuse(refund).compose(done -> refused()));
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

  /** Finishes refunds that were begun and not ended, whether the provider grants them or not. */
  Future<Void> finishAll(Payment payment) {
    return refunds
        .pending(payment)
        .compose(
            pending -> {
              Future<Void> chain = Future.succeededFuture();
              for (Refund refund : pending) {
                chain = chain.compose(done -> finish(refund).recover(GiveBack::unlessRefused));
              }
              return chain;
            });
  }

  private static Future<Void> unlessRefused(Throwable failure) {
    return failure instanceof ProblemException problem && problem.type() == ProblemType.CONFLICT
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }
}
