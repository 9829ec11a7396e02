package dev.stoa.gateway;

import dev.stoa.edge.Admission;
import dev.stoa.resilience.GuardStatus;
import dev.stoa.resilience.Resilience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What breakers, places and budgets of this process look like now. */
final class ResilienceListing {
  static final String PATH = "/api/admin/resilience";

  private final Resilience resilience;
  private final Admission admission;

  ResilienceListing(Resilience resilience, Admission admission) {
    this.resilience = resilience;
    this.admission = admission;
  }

  JsonObject now() {
    JsonArray upstreams = new JsonArray();
    resilience.status().stream().map(GuardStatus::toJson).forEach(upstreams::add);
    JsonObject gateway =
        new JsonObject()
            .put("connections", admission.open())
            .put("turned_away", admission.turnedAway());
    return new JsonObject()
        .put("node", resilience.node())
        .put("gateway", gateway)
        .put("upstreams", upstreams);
  }
}
