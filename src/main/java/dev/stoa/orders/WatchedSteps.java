package dev.stoa.orders;

import dev.stoa.observability.RequestScope;
import dev.stoa.observability.Span;
import dev.stoa.observability.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Supplier;

/**
 * Steps, each counted, timed and traced by what came of it. One that nobody's request asks for, but
 * the sweep, begins a trace of its own.
 */
final class WatchedSteps implements SagaSteps {
  private final Vertx vertx;
  private final SagaSteps steps;
  private final Telemetry telemetry;

  WatchedSteps(Vertx vertx, SagaSteps steps, Telemetry telemetry) {
    this.vertx = vertx;
    this.steps = steps;
    this.telemetry = telemetry;
  }

  @Override
  public Future<Void> take(Duty.Kind step, Order order, String key, String requestId) {
    long began = System.nanoTime();
    Span span = begin(step, order);
    return within(
            new RequestScope.Of(requestId, span), () -> steps.take(step, order, key, requestId))
        .onComplete(
            result -> {
              StepOutcome outcome =
                  result.succeeded() ? StepOutcome.DONE : StepOutcome.of(result.cause());
              String phase = outcome.phase().text();
              telemetry.metrics().sagaStep(step.text(), phase, System.nanoTime() - began);
              if (result.failed()) {
                span.fail(phase);
              }
              span.end();
            });
  }

  private Span begin(Duty.Kind step, Order order) {
    if (!telemetry.tracing().on()) {
      return Span.NONE;
    }
    String name = "saga " + step.text();
    Span request = RequestScope.current().span();
    Span span =
        request == Span.NONE
            ? telemetry.tracing().job(OrdersVerticle.SERVICE, name)
            : request.child(name, Span.Kind.INTERNAL);
    span.tag("stoa.order_id", order.id());
    return span;
  }

  /** So that what the step calls is a part of its span. */
  private Future<Void> within(RequestScope scope, Supplier<Future<Void>> step) {
    RequestScope before = RequestScope.current();
    if (scope.span() == Span.NONE) {
      return step.get();
    }
    if (before != RequestScope.NONE) {
      RequestScope.enter(scope);
      try {
        return step.get();
      } finally {
        RequestScope.enter(before);
      }
    }
    ContextInternal own = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
    return Future.future(
        taken ->
            own.runOnContext(
                v -> {
                  RequestScope.enter(scope);
                  Future.<Void>future(asked -> step.get().onComplete(asked)).onComplete(taken);
                }));
  }
}
