package dev.stoa.payments;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Sweep;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Attends to payments and refunds that were begun and that nobody waits for any more. */
final class PaymentSweep {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentSweep.class);
  private static final Duration BASE_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofMinutes(2);
  // Money is never given up on, but from then on somebody should look.
  private static final int MANY_ATTEMPTS = 20;

  private final PaymentStore payments;
  private final ConcludePayment concludePayment;
  private final GiveBack giveBack;
  private final InstantSource clock;
  private final Supplier<String> ids;

  private PaymentSweep(
      PaymentStore payments,
      ConcludePayment concludePayment,
      GiveBack giveBack,
      InstantSource clock,
      Supplier<String> ids) {
    this.payments = payments;
    this.concludePayment = concludePayment;
    this.giveBack = giveBack;
    this.clock = clock;
    this.ids = ids;
  }

  static Sweep<Payment> of(
      PaymentStore payments,
      ConcludePayment concludePayment,
      GiveBack giveBack,
      InstantSource clock,
      Supplier<String> ids) {
    PaymentSweep sweep = new PaymentSweep(payments, concludePayment, giveBack, clock, ids);
    return new Sweep<>("payments", payments, Payment::id, sweep::attendTo, clock);
  }

  private Future<Void> attendTo(Payment payment) {
    String requestId = ids.get();
    Future<Void> done =
        payment.status() == PaymentStatus.PENDING
            ? concludePayment.resume(payment, requestId).mapEmpty()
            : giveBack.finishAll(payment);
    return done.recover(failure -> postpone(payment, requestId, failure));
  }

  private Future<Void> postpone(Payment payment, String requestId, Throwable failure) {
    // A conflict is an end as well: the order could not be paid, and the money went back.
    boolean ended =
        failure instanceof ProblemException problem && problem.type() == ProblemType.CONFLICT;
    LOG.atLevel(ended ? Level.INFO : Level.WARN)
        .log("{}: payment {}: {}", requestId, payment.id(), failure.toString());
    if (payment.attempts() >= MANY_ATTEMPTS) {
      LOG.error(
          "Payment {} of order {} was attended to {} times in vain",
          payment.id(),
          payment.orderId(),
          payment.attempts());
    }
    Duration pause = BASE_PAUSE.multipliedBy(1L << Math.min(payment.attempts(), 20));
    // Nothing, where it has ended.
    return payments
        .postpone(payment, clock.instant().plus(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause))
        .recover(
            lost -> {
              LOG.warn("Payment {} is not postponed", payment.id(), lost);
              return Future.succeededFuture();
            });
  }
}
