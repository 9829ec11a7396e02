package dev.stoa.payments;

import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attends to payments and refunds that were begun and that nobody waits for any more. */
final class PaymentSweep {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentSweep.class);
  private static final int MAX_PAYMENTS = 100;
  private static final Duration BACK_OFF = Duration.ofMinutes(1);

  private final PaymentRepository payments;
  private final PayOrder payOrder;
  private final GiveBack giveBack;
  private final InstantSource clock;
  private final Uuid7 ids;

  PaymentSweep(
      PaymentRepository payments, PayOrder payOrder, GiveBack giveBack, InstantSource clock) {
    this.payments = payments;
    this.payOrder = payOrder;
    this.giveBack = giveBack;
    this.clock = clock;
    this.ids = new Uuid7(clock);
  }

  /** One round: so many payments at most, one after the other. */
  Future<Void> run() {
    return payments.neglected(clock.instant(), MAX_PAYMENTS).compose(this::attendToAll);
  }

  private Future<Void> attendToAll(List<Payment> neglected) {
    Future<Void> chain = Future.succeededFuture();
    for (Payment payment : neglected) {
      chain = chain.compose(done -> attendTo(payment));
    }
    return chain;
  }

  private Future<Void> attendTo(Payment payment) {
    String requestId = ids.next();
    Future<Void> done =
        payment.status() == PaymentStatus.PENDING
            ? payOrder.resume(payment, requestId).mapEmpty()
            : giveBack.finishAll(payment);
    return done.recover(
        failure -> {
          LOG.warn("{}: payment {} is not done: {}", requestId, payment.id(), failure.toString());
          return payments.postpone(payment, clock.instant().plus(BACK_OFF)).mapEmpty();
        });
  }
}
