package dev.stoa.gateway;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * Something is in another state than before, and operators may want to know.
 *
 * @param node where it was seen
 * @param kind what it is: {@code breaker}, {@code instance}, {@code registry}, {@code config},
 *     {@code saga}, {@code process}
 * @param subject which one
 * @param from the state before; empty where there was none
 * @param to the state now; empty where there is none any more
 * @param detail for people to read; may be empty
 */
record StateChange(
    Instant at, String node, String kind, String subject, String from, String to, String detail) {

  JsonObject toJson() {
    return new JsonObject()
        .put("at", at.toString())
        .put("node", node)
        .put("kind", kind)
        .put("subject", subject)
        .put("from", from)
        .put("to", to)
        .put("detail", detail);
  }
}
