package dev.stoa.payments;

import dev.stoa.payments.PaymentProvider.Outcome;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import java.time.InstantSource;

/**
 * Brings a pending payment to its end, which is reached when both the provider and order-service
 * have answered: completed, failed, or taken in vain and given back. Until then it can be taken up
 * again at any point, with the same outcome.
 */
final class ConcludePayment {
  private final PaymentStore payments;
  private final PaymentProvider provider;
  private final Orders orders;
  private final InstantSource clock;

  ConcludePayment(
      PaymentStore payments, PaymentProvider provider, Orders orders, InstantSource clock) {
    this.payments = payments;
    this.provider = provider;
    this.orders = orders;
    this.clock = clock;
  }

  /** Has the provider take the money, and goes by what it did. */
  Future<Payment> charge(Payment pending, String requestId) {
    return provider
        .charge(pending.id(), pending.amount(), pending.method())
        .recover(failure -> askWhatBecameOf(pending))
        .compose(outcome -> conclude(pending, outcome, requestId));
  }

  private Future<Outcome> askWhatBecameOf(Payment pending) {
    return provider
        .find(pending.id())
        .map(found -> found.orElseThrow(() -> unknown(pending)))
        .otherwise(
            failure -> {
              throw unknown(pending);
            });
  }

  private static ProblemException unknown(Payment pending) {
    return new ProblemException(
            ProblemType.GATEWAY_TIMEOUT,
            "The provider did not answer; the payment is looked after and will be concluded.")
        .with("payment_id", pending.id());
  }

  private Future<Payment> conclude(Payment pending, Outcome outcome, String requestId) {
    if (outcome == Outcome.DECLINED) {
      return payments.conclude(pending, PaymentStatus.FAILED, clock.instant());
    }
    return orders
        .settle(pending, requestId)
        .compose(
            settled -> payments.conclude(pending, PaymentStatus.COMPLETED, clock.instant()),
            failure -> giveBackIfRefused(pending, failure));
  }

  // The order was cancelled meanwhile: the money goes back. After anything else but a refusal the
  // order may be paid, so that the payment stays pending and is taken up again.
  private Future<Payment> giveBackIfRefused(Payment pending, Throwable failure) {
    if (!isRefusal(failure)) {
      return Future.failedFuture(failure);
    }
    return giveBack(pending).compose(done -> Future.failedFuture(failure));
  }

  // Once it is written that the money goes back, nobody else can conclude the payment; where
  // somebody has before, it is theirs.
  private Future<Void> giveBack(Payment pending) {
    Refund refund = new Refund(pending.id(), pending.id(), pending.amount());
    return payments
        .beginReturn(pending)
        .compose(
            begun ->
                begun
                    ? provider
                        .refund(refund.id(), pending.id(), refund.amount())
                        .recover(lost -> Future.failedFuture(unknown(pending)))
                        .compose(outcome -> concludeReturned(pending, refund, outcome))
                    : Future.succeededFuture());
  }

  private Future<Void> concludeReturned(Payment pending, Refund refund, Outcome outcome) {
    return outcome == Outcome.APPROVED
        ? payments.concludeReturned(pending, refund, clock.instant())
        : Future.failedFuture(unknown(pending));
  }

  // What order-service says when it has understood and will not.
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ProblemException problem
        && (problem.type() == ProblemType.CONFLICT || problem.type() == ProblemType.NOT_FOUND);
  }

  /**
   * Concludes a pending payment that nobody waits for: charges it while its order can still be
   * paid, and otherwise makes sure that it will not be charged any more and goes by what the
   * provider did.
   */
  Future<Payment> resume(Payment pending, String requestId) {
    if (pending.refunding().minorUnits() > 0) {
      return giveBack(pending).compose(done -> payments.get(pending.id()));
    }
    return orders
        .get(pending.orderId(), requestId)
        .compose(
            order ->
                order.status().equals("reserved")
                    ? charge(pending, requestId)
                    : provider
                        .close(pending.id())
                        .recover(failure -> Future.failedFuture(unknown(pending)))
                        .compose(outcome -> conclude(pending, outcome, requestId)));
  }
}
