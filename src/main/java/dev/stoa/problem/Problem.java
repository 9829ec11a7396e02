package dev.stoa.problem;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * One problem as a client sees it: the body of an {@code application/problem+json} response (RFC
 * 9457).
 *
 * @param detail what happened this time
 * @param instance the path that was asked for, without its query
 * @param requestId the id under which the logs tell the rest
 * @param errors the fields at fault, empty unless the input was
 * @param members extension members
 */
public record Problem(
    ProblemType type,
    String detail,
    String instance,
    String requestId,
    List<FieldError> errors,
    Map<String, Object> members) {

  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    errors = List.copyOf(errors);
    members = Map.copyOf(members);
  }

  public int status() {
    return type.status();
  }

  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("type", type.uri())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", detail)
            .put("instance", instance)
            .put("error", type.title())
            .put("request_id", requestId);
    if (!errors.isEmpty()) {
      JsonArray list = new JsonArray();
      errors.forEach(
          e -> list.add(new JsonObject().put("field", e.field()).put("reason", e.reason())));
      json.put("errors", list);
    }
    members.forEach(json::put);
    return json;
  }
}
