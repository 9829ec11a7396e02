package dev.stoa.orders;

import java.util.Optional;

/**
 * How far an order has come: all of it that ever changes.
 *
 * @param paymentId the payment that paid it
 * @param version counts the changes from 1; the event of each has the same number
 */
record Progress(OrderStatus status, Optional<String> paymentId, Optional<Duty> duty, long version) {

  /** The next step: that status, with that left to do. */
  Progress next(OrderStatus nextStatus, Optional<Duty> nextDuty) {
    return new Progress(nextStatus, paymentId, nextDuty, version + 1);
  }

  Progress paidBy(String payment) {
    return new Progress(status, Optional.of(payment), duty, version);
  }
}
