package dev.stoa.service;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * What an operation answers when it does not fail.
 *
 * @param body null where there is none (204)
 */
public record Reply(int status, JsonObject body, Map<String, String> headers) {
  public Reply {
    headers = Map.copyOf(headers);
  }

  public static Reply ok(JsonObject body) {
    return new Reply(200, body, Map.of());
  }

  /** 201 with the {@code Location} of what was made. */
  public static Reply created(String location, JsonObject body) {
    return new Reply(201, body, Map.of("Location", location));
  }

  public static Reply noContent() {
    return new Reply(204, null, Map.of());
  }
}
