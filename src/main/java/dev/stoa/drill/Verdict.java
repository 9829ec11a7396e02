package dev.stoa.drill;

import io.vertx.core.json.JsonObject;

/**
 * One promise, and whether it was kept.
 *
 * @param measured the numbers that say so
 */
public record Verdict(String promise, boolean kept, String measured) {
  JsonObject toJson() {
    return new JsonObject().put("promise", promise).put("kept", kept).put("measured", measured);
  }
}
