package dev.stoa.payments;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where refunds are kept, with what they change about their payments. */
interface RefundStore {

  /** What became of a refund. */
  enum State {
    PENDING,
    COMPLETED,
    REFUSED
  }

  /** A refund and what became of it. */
  record Entry(Refund refund, State state) {}

  /**
   * Writes down that money is to be given back; false, and nothing, where that much is not there.
   *
   * @param left in minor units, what has to stay of the payment
   */
  Future<Boolean> begin(Refund refund, long left, Instant now, Instant attendFrom);

  Future<Optional<Entry>> find(String refundId);

  Future<List<Refund>> pending(Payment payment);

  /** Writes that a pending refund has reached the payer. */
  Future<Void> complete(Refund refund, Instant now);

  /** Writes that the provider does not give that money back. */
  Future<Void> refuse(Refund refund);
}
