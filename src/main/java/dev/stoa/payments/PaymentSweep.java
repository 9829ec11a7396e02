package dev.stoa.payments;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Attends to payments and refunds that were begun and that nobody waits for any more. */
final class PaymentSweep {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentSweep.class);
  private static final int MAX_PAYMENTS = 100;
  // So many at once: one that hangs does not hold up the others.
  private static final int LANES = 16;
  private static final Duration BASE_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofMinutes(2);
  // Money is never given up on, but from then on somebody should look.
  private static final int MANY_ATTEMPTS = 20;

  private final PaymentStore payments;
  private final PayOrder payOrder;
  private final GiveBack giveBack;
  private final InstantSource clock;
  private final Supplier<String> ids;

  PaymentSweep(
      PaymentStore payments,
      PayOrder payOrder,
      GiveBack giveBack,
      InstantSource clock,
      Supplier<String> ids) {
    this.payments = payments;
    this.payOrder = payOrder;
    this.giveBack = giveBack;
    this.clock = clock;
    this.ids = ids;
  }

  /** One round: all that a process was at which is gone, and so many others at most. */
  Future<Void> round() {
    return resume().compose(done -> run());
  }

  /** So many at most whose time has come. */
  Future<Void> run() {
    return payments.neglected(clock.instant(), MAX_PAYMENTS).compose(this::attendToAll);
  }

  /** All payments with something left to do to which nobody attends any more. */
  Future<Void> resume() {
    return resume("");
  }

  private Future<Void> resume(String after) {
    return payments
        .unfinished(after, MAX_PAYMENTS)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture();
              }
              LOG.info("Taking up {} payments that were left pending", found.size());
              return attendToAll(found).compose(done -> resume(found.get(found.size() - 1).id()));
            });
  }

  private Future<Void> attendToAll(List<Payment> found) {
    List<Future<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Math.min(LANES, found.size()); lane++) {
      Future<Void> chain = Future.succeededFuture();
      for (int i = lane; i < found.size(); i += LANES) {
        Payment payment = found.get(i);
        chain = chain.compose(done -> attendTo(payment));
      }
      lanes.add(chain);
    }
    return Future.join(lanes).mapEmpty();
  }

  private Future<Void> attendTo(Payment payment) {
    String requestId = ids.get();
    Future<Void> done =
        payment.status() == PaymentStatus.PENDING
            ? payOrder.resume(payment, requestId).mapEmpty()
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
