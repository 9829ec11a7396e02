package dev.stoa.orders;

import dev.stoa.orders.Duty.Kind;
import dev.stoa.orders.SagaNote.Phase;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The saga of an order: the only place that decides what follows from what. Pure: it is given an
 * order, what happened and the time, and answers the {@link Move} to write. Who writes it and takes
 * the steps is {@link OrderFlow}.
 *
 * <pre>
 *   RESERVE ──done──▶ EXPIRE ──paid──▶ COMMIT ──done──▶ (none: paid) ──cancel──▶ REFUND
 *      │                 │                │                                        │
 *      └──unknown────────┴──too late──────┴──refused──▶ RELEASE ◀──────done────────┘
 *                                                          │done
 *                                                          ▼
 *                                                    (none: cancelled)
 * </pre>
 *
 * Compensation runs in reverse, money before stock, and takes in a step whose outcome is unknown. A
 * step that must succeed (all but RESERVE) is tried again with growing pauses, and after so many
 * attempts waits for an operator.
 */
final class OrderSaga {
  /** How long whoever wrote an intent has before the sweep may take it up. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private final Supplier<SagaConfig> config;

  OrderSaga(Supplier<SagaConfig> config) {
    this.config = config;
  }

  /** A new order: its stock is to be reserved. */
  Move placed(Order draft, Cause cause, Instant now) {
    Duty reserve = Duty.step(Kind.RESERVE, draft.id(), now.plus(LEASE));
    Progress before = new Progress(OrderStatus.PENDING, Optional.empty(), Optional.empty(), 0);
    return new MoveDraft(draft.with(before), cause, now)
        .to(OrderStatus.PENDING, reserve)
        .event("created", null, reserve, Phase.INTENT)
        .move();
  }

  /** That payment has the money for it: the reservation is to be committed. Refuses what cannot. */
  Move paid(Order order, String paymentId, Money amount, Cause cause, Instant now) {
    if (order.status() != OrderStatus.RESERVED || !order.owes(Kind.EXPIRE)) {
      throw refusal("The order is " + order.status().text() + " and cannot be paid.");
    }
    if (!amount.equals(order.total())) {
      throw refusal("The order costs " + order.total().toJson() + " " + order.total().currency());
    }
    Duty commit = Duty.step(Kind.COMMIT, order.id(), now.plus(LEASE));
    return new MoveDraft(order, cause, now)
        .paidBy(Optional.of(paymentId))
        .to(OrderStatus.RESERVED, commit)
        .event("payment_received", "payment " + paymentId, commit, Phase.INTENT)
        .move();
  }

  /** Somebody cancels it, or it was not paid in time. Refuses while a payment is coming in. */
  Move cancelled(Order order, String why, Cause cause, Instant now) {
    MoveDraft draft = new MoveDraft(order, cause, now);
    if (order.owes(Kind.COMMIT)) {
      throw refusal("The order is being paid.");
    }
    return order.status() == OrderStatus.PAID
        ? draft.refund(why).move()
        : draft.release("cancelled", why).move();
  }

  /** Goes one legal step forward that concerns nobody else. */
  Move advanced(Order order, OrderStatus next, Cause cause, Instant now) {
    if (order.owes(Kind.REFUND)) {
      throw refusal("The order is being cancelled.");
    }
    MoveDraft draft = new MoveDraft(order, cause, now);
    return draft.to(next).event(next.text(), null).move();
  }

  /** What follows from the outcome of the step that the order owes. */
  Move after(Order order, StepOutcome outcome, Cause cause, Instant now) {
    return switch (outcome.phase()) {
      case DONE -> done(order, cause, now);
      case REFUSED -> refused(order, outcome.failure().getMessage(), cause, now);
      default -> unknown(order, String.valueOf(outcome.failure().getMessage()), cause, now);
    };
  }

  private static Move done(Order order, Cause cause, Instant now) {
    Duty duty = order.progress().duty().orElseThrow();
    MoveDraft draft = new MoveDraft(order, cause, now);
    return switch (duty.kind()) {
      case RESERVE ->
          draft
              .to(OrderStatus.RESERVED, Duty.expiry(order.id(), order.expiresAt()))
              .event("reserved", null, duty, Phase.DONE)
              .move();
      case COMMIT ->
          draft
              .to(order.isPaid() ? order.status() : OrderStatus.PAID, null)
              .event("paid", null, duty, Phase.DONE)
              .move();
      case REFUND ->
          draft.event("refunded", null, duty, Phase.DONE).release("cancelled", "refunded").move();
      case RELEASE ->
          draft.to(order.status(), null).event("stock_released", null, duty, Phase.DONE).move();
      case EXPIRE -> throw new IllegalStateException("no step is under way");
    };
  }

  private Move refused(Order order, String why, Cause cause, Instant now) {
    Duty duty = order.progress().duty().orElseThrow();
    MoveDraft draft = new MoveDraft(order, cause, now);
    return switch (duty.kind()) {
      // A refusal says that nothing is held, and products remembers having said so.
      case RESERVE ->
          draft.to(OrderStatus.CANCELLED, null).event("cancelled", why, duty, Phase.REFUSED).move();
      // The hold had lapsed and the stock is gone. Whoever brought the payment is told so and gives
      // the money back. (Orders of earlier versions were paid before they were committed.)
      case COMMIT -> {
        draft.event("commit_refused", why, duty, Phase.REFUSED);
        yield order.isPaid()
            ? draft.refund("its stock is gone").move()
            : draft.paidBy(Optional.empty()).release("cancelled", "its stock is gone").move();
      }
      case REFUND ->
          draft.to(OrderStatus.PAID, null).event("refund_refused", why, duty, Phase.REFUSED).move();
      // Nobody may refuse that.
      case RELEASE -> unknown(order, why, cause, now);
      case EXPIRE -> throw new IllegalStateException("no step is under way");
    };
  }

  private Move unknown(Order order, String why, Cause cause, Instant now) {
    Duty duty = order.progress().duty().orElseThrow();
    MoveDraft draft = new MoveDraft(order, cause, now);
    draft.event(duty.kind().text() + "_unknown", why, duty, Phase.UNKNOWN);
    if (duty.kind() == Kind.RESERVE) {
      return draft.release("cancelled", "it is unknown whether the stock was reserved").move();
    }
    if (duty.attempts() >= config.get().maxAttempts()) {
      return draft.stuck(duty, why).move();
    }
    return draft.later(now.plus(config.get().pauseAfter(duty.attempts()))).move();
  }

  /** Nobody attends to it, or not any more: after a crash, a lease that ran out, a date passed. */
  Move takenUp(Order order, Cause cause, Instant now) {
    Duty duty = order.progress().duty().orElseThrow();
    MoveDraft draft = new MoveDraft(order, cause, now);
    return switch (duty.kind()) {
      case EXPIRE -> draft.release("cancelled", "not paid in time").move();
      // Within the lease somebody may wait for it, or ask again under the same Idempotency-Key.
      case RESERVE ->
          now.isBefore(duty.from())
              ? draft.again("retried", duty.again(now.plus(LEASE))).move()
              : unknown(order, "nobody waits for it any more", cause, now);
      default ->
          duty.attempts() >= config.get().maxAttempts()
              ? draft.stuck(duty, "tried " + duty.attempts() + " times").move()
              : draft.again("retried", duty.again(now.plus(LEASE))).move();
    };
  }

  /**
   * Somebody asks for the step that it is at: taken once more. Not counted, so that whoever asks
   * often does not use up the attempts.
   */
  Move askedAgain(Order order, Cause cause, Instant now) {
    Duty duty = order.progress().duty().orElseThrow();
    return new MoveDraft(order, cause, now).again("retried", duty.later(now.plus(LEASE))).move();
  }

  /** An operator lets it go on: the step is tried again, with all its attempts. */
  Move resumed(Order order, Cause cause, Instant now) {
    Duty duty = step(order, "resume");
    return new MoveDraft(order, cause, now)
        .again("resumed", Duty.step(duty.kind(), duty.key(), now.plus(LEASE)))
        .move();
  }

  /**
   * An operator calls it off: what was done is undone. A compensation that is under way cannot be
   * undone itself and is resumed.
   */
  Move compensated(Order order, Cause cause, Instant now) {
    Duty duty = step(order, "compensate");
    boolean forward =
        duty.kind() == Kind.RESERVE
            || duty.kind() == Kind.COMMIT && order.status() == OrderStatus.RESERVED;
    if (!forward) {
      return resumed(order, cause, now);
    }
    return new MoveDraft(order, cause, now)
        .paidBy(Optional.empty())
        .release("cancelled", "called off by an operator")
        .move();
  }

  private static Duty step(Order order, String what) {
    return order
        .progress()
        .duty()
        .filter(duty -> duty.kind().isStep())
        .orElseThrow(() -> refusal("No step of this order is under way: nothing to " + what + "."));
  }

  private static ProblemException refusal(String detail) {
    return new ProblemException(ProblemType.CONFLICT, detail);
  }
}
