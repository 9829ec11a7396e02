package dev.stoa.payments;

import dev.stoa.service.Money;
import java.time.Instant;

/**
 * The money for one order, at one moment.
 *
 * @param id also the key of its charge at the provider
 * @param userId who pays, the owner of the order
 * @param refunded given back so far
 * @param refunding on its way back
 * @param attempts how often it was attended to in vain
 */
record Payment(
    String id,
    String orderId,
    String userId,
    Money amount,
    String method,
    Instant createdAt,
    PaymentStatus status,
    Money refunded,
    Money refunding,
    int attempts) {

  /** What can still be given back. */
  Money rest() {
    long minorUnits = amount.minorUnits() - refunded.minorUnits() - refunding.minorUnits();
    return new Money(minorUnits, amount.currency());
  }
}
