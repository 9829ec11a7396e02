package dev.stoa.orders;

import dev.stoa.orders.Duty.Kind;
import dev.stoa.orders.SagaNote.Phase;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link Move} in the making: where the order will stand, and what its time line will say of how
 * it came there. For one decision.
 */
final class MoveDraft {
  private final Order order;
  private final Cause cause;
  private final Instant now;
  private final List<OrderEvent> events = new ArrayList<>();
  private OrderStatus status;
  private Optional<String> paymentId;
  private Optional<Duty> duty;

  MoveDraft(Order order, Cause cause, Instant now) {
    this.order = order;
    this.cause = cause;
    this.now = now;
    this.status = order.status();
    this.paymentId = order.progress().paymentId();
    this.duty = order.progress().duty();
  }

  /** It goes on to a status, with as much to do as before. */
  MoveDraft to(OrderStatus next) {
    status = next;
    return this;
  }

  /** It goes on to a status, and that is to be done then; null for nothing. */
  MoveDraft to(OrderStatus nextStatus, Duty nextDuty) {
    status = nextStatus;
    duty = Optional.ofNullable(nextDuty);
    return this;
  }

  /** The same is to be done, not before then. */
  MoveDraft later(Instant when) {
    duty = duty.map(same -> same.later(when));
    return this;
  }

  MoveDraft paidBy(Optional<String> payment) {
    paymentId = payment;
    return this;
  }

  MoveDraft event(String event, String detail) {
    events.add(new OrderEvent(now, event, status, cause, detail, Optional.empty()));
    return this;
  }

  MoveDraft event(String event, String detail, Duty step, Phase phase) {
    Optional<SagaNote> note = Optional.of(SagaNote.of(step, phase));
    events.add(new OrderEvent(now, event, status, cause, detail, note));
    return this;
  }

  /** The order is to be off, and its money is to go back before. */
  MoveDraft refund(String why) {
    String key = order.id() + ":refund:" + (order.progress().version() + events.size() + 1);
    Duty refund = Duty.step(Kind.REFUND, key, now.plus(OrderSaga.LEASE));
    return to(status, refund).event("refund_requested", why, refund, Phase.INTENT);
  }

  /** The order is off, and its stock is to be released. */
  MoveDraft release(String event, String why) {
    Duty release = Duty.step(Kind.RELEASE, order.id(), now.plus(OrderSaga.LEASE));
    return to(OrderStatus.CANCELLED, release).event(event, why, release, Phase.INTENT);
  }

  /** The step is begun once more. */
  MoveDraft again(String event, Duty next) {
    duty = Optional.of(next);
    return event(event, null, next, Phase.INTENT);
  }

  /** The step waits for an operator. */
  MoveDraft stuck(Duty step, String why) {
    duty = Optional.of(step.stuck(why));
    return event("needs_attention", why);
  }

  /** Refuses what is no legal transition. */
  Move move() {
    boolean legal = status == order.status() || order.status().mayBecome(status);
    if (!legal) {
      throw new ProblemException(
          ProblemType.ILLEGAL_TRANSITION,
          "An order that is " + order.status().text() + " cannot become " + status.text() + ".");
    }
    long version = order.progress().version() + events.size();
    return new Move(new Progress(status, paymentId, duty, version), events);
  }
}
