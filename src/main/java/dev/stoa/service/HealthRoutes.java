package dev.stoa.service;

import dev.stoa.persistence.Database;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /health} and {@code /health/ready}: whether the service can do its work now; {@code
 * /health/live}: whether the process answers at all. Public, and they tell no more than that.
 */
final class HealthRoutes {
  private static final long TIMEOUT_MILLIS = 2_000;

  private final HealthChecks checks;
  private volatile boolean stopping;

  HealthRoutes(Vertx vertx, Database database) {
    this.checks =
        HealthChecks.create(vertx)
            .register(
                "database",
                TIMEOUT_MILLIS,
                promise -> database.ping().map(Status.OK()).onComplete(promise));
  }

  /** From now on not ready: no new work, please. */
  void stopping() {
    stopping = true;
  }

  void mount(Router router) {
    router.get("/health").handler(this::ready);
    router.get("/health/ready").handler(this::ready);
    router.get("/health/live").handler(context -> answer(context, true));
  }

  private void ready(RoutingContext context) {
    checks
        .checkStatus()
        .onComplete(
            done ->
                answer(context, !stopping && done.succeeded() && CheckResult.isUp(done.result())));
  }

  private static void answer(RoutingContext context, boolean healthy) {
    context
        .response()
        .setStatusCode(healthy ? 200 : 503)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(new JsonObject().put("status", healthy ? "healthy" : "unhealthy").toBuffer());
  }
}
