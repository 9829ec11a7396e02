package dev.stoa.payments;

import dev.stoa.payments.PaymentProvider.Outcome;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Gives money of a completed payment back. A refund is written down, with its amount set aside,
 * before the provider is asked; until both know its end it can be taken up again.
 */
final class GiveBack {
  private final RefundRepository refunds;
  private final PaymentProvider provider;
  private final InstantSource clock;
  private final Uuid7 ids;

  GiveBack(RefundRepository refunds, PaymentProvider provider, InstantSource clock) {
    this.refunds = refunds;
    this.provider = provider;
    this.clock = clock;
    this.ids = new Uuid7(clock);
  }

  /** Gives that much back; false, and nothing done, where it is not there any more. */
  Future<Boolean> give(Payment payment, Money amount) {
    Refund refund = new Refund(ids.next(), payment.id(), amount);
    Instant now = clock.instant();
    return refunds
        .begin(refund, now, now.plus(PayOrder.GRACE))
        .compose(begun -> begun ? finish(refund).map(true) : Future.succeededFuture(false));
  }

  private Future<Void> finish(Refund refund) {
    return provider
        .refund(refund.id(), refund.paymentId(), refund.amount())
        .<Outcome>recover(failure -> Future.failedFuture(unknown(refund)))
        .compose(
            outcome ->
                outcome == Outcome.APPROVED
                    ? refunds.complete(refund)
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

  /** Finishes refunds that were begun and not ended. */
  Future<Void> finishAll(Payment payment) {
    return refunds
        .pending(payment)
        .compose(
            pending -> {
              Future<Void> chain = Future.succeededFuture();
              for (Refund refund : pending) {
                chain = chain.compose(done -> finish(refund));
              }
              return chain;
            });
  }
}
