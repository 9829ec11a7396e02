package dev.stoa.payments;

import dev.stoa.service.Sweep;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Where payments are kept. What a future reports as written is durable. */
interface PaymentStore extends Sweep.Backlog<Payment> {

  /** Writes a new payment; fails with {@code UniqueViolation} where the order has one already. */
  Future<Payment> insert(Payment payment, Instant attendFrom);

  /** The payment; NOT_FOUND where there is none. */
  Future<Payment> get(String paymentId);

  /** All payments of an order, the newest first. */
  Future<List<Payment>> ofOrder(String orderId);

  /** Payments that nobody has attended to in time, the longest waiting first. */
  @Override
  Future<List<Payment>> neglected(Instant now, int limit);

  /** Payments with something left to do, by id, at which no process is any more. */
  @Override
  Future<List<Payment>> unfinished(String after, int limit);

  /** Counts an attempt in vain, and lets the sweep leave the payment alone until then. */
  Future<Void> postpone(Payment payment, Instant until);

  /**
   * Writes what became of a pending payment, unless its money is going back, and answers how it
   * stands then.
   */
  Future<Payment> conclude(Payment payment, PaymentStatus status, Instant now);

  /** Writes that the money of a pending payment goes back; false where it is not pending. */
  Future<Boolean> beginReturn(Payment payment);

  /** Writes that a pending payment was taken and, of no use, given back. */
  Future<Void> concludeReturned(Payment payment, Refund refund, Instant now);
}
