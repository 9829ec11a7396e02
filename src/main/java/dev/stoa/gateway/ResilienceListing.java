package dev.stoa.gateway;

import dev.stoa.resilience.GuardStatus;
import dev.stoa.resilience.Resilience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What breakers, places and budgets of this process look like now. */
final class ResilienceListing {
  static final String PATH = "/api/admin/resilience";

  private final Resilience resilience;

  ResilienceListing(Resilience resilience) {
    this.resilience = resilience;
  }

  JsonObject now() {
    JsonArray upstreams = new JsonArray();
    resilience.status().stream().map(GuardStatus::toJson).forEach(upstreams::add);
    return new JsonObject().put("node", resilience.node()).put("upstreams", upstreams);
  }
}
