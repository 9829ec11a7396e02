package dev.stoa.gateway;

import dev.stoa.config.Live;
import dev.stoa.edge.Admission;
import dev.stoa.edge.ControlledDelay;
import dev.stoa.edge.HardenedServer;
import dev.stoa.edge.OverloadLimits;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Stands before the pipeline and turns away what the event loop is too busy for, before anything is
 * done for it; who was turned away is not read until the time that it was told is over. So
 * refusals, which cost something too, are bounded by the number of connections, and become fewer as
 * that time grows. Health is always told. For one event loop.
 */
final class LoadShedder implements Handler<HttpServerRequest> {
  private static final String HEALTH = "/health";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Live<OverloadLimits> limits;
  private final ControlledDelay delay;
  private final Admission admission;
  private final GatewayPipeline pipeline;

  LoadShedder(
      Context context, Live<OverloadLimits> limits, Admission admission, GatewayPipeline pipeline) {
    this.limits = limits;
    this.delay = new ControlledDelay(limits, task -> context.runOnContext(v -> task.run()));
    this.admission = admission;
    this.pipeline = pipeline;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (delay.admits() || request.uri().startsWith(HEALTH)) {
      pipeline.handle(request);
    } else {
      Duration rest = HardenedServer.turnAway(request.connection(), limits.get().rest());
      admission.shed();
      pipeline.turnAway(request, refusal(rest));
      HardenedServer.rest(request.connection(), rest);
    }
  }

  private static ProblemException refusal(Duration rest) {
    long seconds = Math.max(1, -Math.floorDiv(-rest.toNanos(), NANOS_PER_SECOND));
    return new ProblemException(ProblemType.OVERLOADED, "The gateway has too much to do.")
        .withHeader("Retry-After", Long.toString(seconds));
  }
}
