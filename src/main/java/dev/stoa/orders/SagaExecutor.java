package dev.stoa.orders;

import io.vertx.core.Future;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Carries out what {@link OrderSaga} decides: writes the intent, takes the step, writes the
 * outcome, and so on until nothing follows. Whatever fails or is cut off in between is taken up
 * from the log, by another caller, the sweep or the next start. (H. Garcia-Molina and K. Salem,
 * "Sagas", SIGMOD 1987: the saga execution component.)
 */
final class SagaExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(SagaExecutor.class);
  private static final int MAX_RECORDS = 5;

  private final OrderStore orders;
  private final SagaSteps steps;
  private final OrderSaga saga;
  private final InstantSource clock;

  SagaExecutor(OrderStore orders, SagaSteps steps, OrderSaga saga, InstantSource clock) {
    this.orders = orders;
    this.steps = steps;
    this.saga = saga;
    this.clock = clock;
  }

  /** Writes the next move of an order and takes the steps that it intends, if any. */
  Future<Order> write(Order order, Move move, Cause cause) {
    return orders
        .advance(order, move)
        .compose(next -> next.isUnderWay() ? run(next, cause) : Future.succeededFuture(next));
  }

  /**
   * Takes the step whose intent has just been written, and those that follow from it. Fails as the
   * step failed, after its outcome was written; a release that fails is left to the sweep.
   */
  Future<Order> run(Order order, Cause cause) {
    Duty duty = order.progress().duty().orElseThrow();
    return Future.<Void>succeededFuture()
        .compose(go -> steps.take(duty.kind(), order, duty.key(), cause.requestId()))
        .map(StepOutcome.DONE)
        .otherwise(StepOutcome::of)
        .compose(
            outcome ->
                record(order, outcome, cause, MAX_RECORDS)
                    .compose(next -> follow(duty, next, cause))
                    .compose(next -> answer(duty, next, outcome, cause)));
  }

  // Where somebody else has written meanwhile, what is done is done all the same; a step that is
  // not done is theirs now.
  private Future<Order> record(Order order, StepOutcome outcome, Cause cause, int attempts) {
    return orders
        .advance(order, saga.after(order, outcome, cause, clock.instant()))
        .recover(
            failure ->
                failure instanceof StaleOrder
                    ? orders
                        .get(order.id())
                        .compose(
                            fresh ->
                                outcome == StepOutcome.DONE
                                        && attempts > 1
                                        && isAtTheSame(order, fresh)
                                    ? record(fresh, outcome, cause, attempts - 1)
                                    : Future.succeededFuture(fresh))
                    : Future.failedFuture(failure));
  }

  private static boolean isAtTheSame(Order order, Order fresh) {
    Duty before = order.progress().duty().orElseThrow();
    return fresh
        .progress()
        .duty()
        .filter(duty -> duty.kind() == before.kind() && duty.key().equals(before.key()))
        .isPresent();
  }

  private Future<Order> follow(Duty before, Order next, Cause cause) {
    boolean another =
        next.isUnderWay()
            && next.progress().duty().filter(duty -> duty.kind() != before.kind()).isPresent();
    return another ? run(next, cause) : Future.succeededFuture(next);
  }

  private static Future<Order> answer(Duty duty, Order next, StepOutcome outcome, Cause cause) {
    if (outcome == StepOutcome.DONE) {
      return Future.succeededFuture(next);
    }
    // That something is sold out is no fault of ours, and said to many at once.
    boolean soldOut = duty.kind() == Duty.Kind.RESERVE && outcome.phase() == SagaNote.Phase.REFUSED;
    LOG.atLevel(soldOut ? Level.DEBUG : Level.WARN)
        .log(
            "{}: order {}: {} {}: {}",
            cause.requestId(),
            next.id(),
            duty.kind().text(),
            outcome.phase().text(),
            String.valueOf(outcome.failure()));
    return duty.kind() == Duty.Kind.RELEASE
        ? Future.succeededFuture(next)
        : Future.failedFuture(outcome.failure());
  }
}
