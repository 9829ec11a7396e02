package dev.stoa.orders;

import io.vertx.core.Future;

/**
 * The steps that other services take for an order. Each may be asked for again and again with the
 * same key, with one effect.
 */
@FunctionalInterface
interface SagaSteps {

  /**
   * Asks for a step. Fails with a problem that {@link StepOutcome} takes for a refusal where it had
   * no effect and will have none; any other failure says nothing.
   */
  Future<Void> take(Duty.Kind step, Order order, String key, String requestId);
}
