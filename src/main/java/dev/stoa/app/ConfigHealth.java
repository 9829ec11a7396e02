package dev.stoa.app;

import dev.stoa.config.ConfigStatus;
import dev.stoa.config.StoreStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The state of the configuration as {@code /health} tells it. */
final class ConfigHealth {
  private ConfigHealth() {}

  static JsonObject of(ConfigStatus status, Optional<StoreStatus> store) {
    JsonObject json =
        new JsonObject()
            .put(
                "status",
                status.stale() ? "stale" : status.pin().isPresent() ? "rolled_back" : "current")
            .put("revision", status.revision())
            .put("loaded_at", status.loadedAt().toString())
            .put("since", status.since().toString());
    if (status.stale()) {
      JsonArray errors = new JsonArray();
      status.errors().forEach(error -> errors.add(error.toString()));
      json.put("errors", errors);
    }
    if (!status.restartNeeded().isEmpty()) {
      json.put("restart_needed", new JsonArray(status.restartNeeded()));
    }
    store.ifPresent(central -> json.put("store", central.toJson()));
    return json;
  }
}
