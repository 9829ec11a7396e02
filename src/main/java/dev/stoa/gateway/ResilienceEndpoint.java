package dev.stoa.gateway;

import dev.stoa.resilience.GuardStatus;
import dev.stoa.resilience.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What breakers, places and budgets of this process look like now; for admins. */
final class ResilienceEndpoint {
  static final String PATH = "/api/admin/resilience";

  private final Vertx vertx;
  private final Authentication authentication;
  private final Resilience resilience;

  ResilienceEndpoint(Vertx vertx, Authentication authentication, Resilience resilience) {
    this.vertx = vertx;
    this.authentication = authentication;
    this.resilience = resilience;
  }

  Future<Void> status(Exchange exchange) {
    authentication.requireAdmin(exchange);
    JsonArray upstreams = new JsonArray();
    resilience.status().stream().map(GuardStatus::toJson).forEach(upstreams::add);
    return exchange.answer(
        vertx, 200, new JsonObject().put("node", resilience.node()).put("upstreams", upstreams));
  }
}
