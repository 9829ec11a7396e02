package dev.stoa.orders;

import dev.stoa.service.Money;
import java.time.Instant;
import java.util.List;

/**
 * An order at one moment.
 *
 * @param total the sum of its items, all in one currency
 * @param expiresAt until when it can be paid
 */
record Order(
    String id,
    String userId,
    List<OrderItem> items,
    Money total,
    Instant createdAt,
    Instant expiresAt,
    Progress progress) {

  Order {
    items = List.copyOf(items);
  }

  OrderStatus status() {
    return progress.status();
  }

  boolean owes(Duty.Kind kind) {
    return progress.duty().filter(duty -> duty.kind() == kind).isPresent();
  }

  /** Whether it still waits for a payment that would come too late. */
  boolean hasExpired(Instant now) {
    return owes(Duty.Kind.EXPIRE) && !now.isBefore(expiresAt);
  }

  /** Whether its saga has ended in trying and waits for an operator. */
  boolean needsAttention() {
    return progress.duty().flatMap(Duty::stuck).isPresent();
  }

  /** Whether a step is to be taken or under way, and nobody has given up on it. */
  boolean isUnderWay() {
    return progress.duty().filter(duty -> duty.kind().isStep()).isPresent() && !needsAttention();
  }

  /** Whether its money was taken and is its own. */
  boolean isPaid() {
    return status() == OrderStatus.PAID
        || status() == OrderStatus.SHIPPED
        || status() == OrderStatus.DELIVERED;
  }

  boolean isPaidBy(String payment) {
    return isPaid() && progress.paymentId().filter(payment::equals).isPresent();
  }

  /** Whether that payment is being settled. */
  boolean isBeingPaidBy(String payment) {
    return owes(Duty.Kind.COMMIT) && progress.paymentId().filter(payment::equals).isPresent();
  }

  Order with(Progress next) {
    return new Order(id, userId, items, total, createdAt, expiresAt, next);
  }
}
