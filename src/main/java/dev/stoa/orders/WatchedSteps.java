package dev.stoa.orders;

import dev.stoa.observability.Telemetry;
import io.vertx.core.Future;

/** Steps, each counted and timed by what came of it. */
record WatchedSteps(SagaSteps steps, Telemetry telemetry) implements SagaSteps {

  @Override
  public Future<Void> take(Duty.Kind step, Order order, String key, String requestId) {
    long began = System.nanoTime();
    return Future.<Void>future(taken -> steps.take(step, order, key, requestId).onComplete(taken))
        .onComplete(
            result -> {
              StepOutcome outcome =
                  result.succeeded() ? StepOutcome.DONE : StepOutcome.of(result.cause());
              telemetry
                  .metrics()
                  .sagaStep(step.text(), outcome.phase().text(), System.nanoTime() - began);
            });
  }
}
