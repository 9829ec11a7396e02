package dev.stoa.apidocs;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One OpenAPI document made of several: what the gateway answers itself, and each operation of each
 * service at the paths that really lead there. Parts that documents have in common are there once;
 * different parts of one name get names of their own. For one thread, and used once.
 */
public final class MergedDocument {
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /** What the gateway may answer in the place of any service, by the name of its component. */
  private static final Map<String, String> ANY_TIME =
      Map.of("502", "BadGateway", "503", "Unavailable", "504", "TimedOut");

  private final JsonObject merged;
  private final Set<String> operationIds = new HashSet<>();
  private final Set<String> tags = new HashSet<>();

  /** Where the next tag of a service stands: behind the gateway's first, before its others. */
  private int shopTags = 1;

  /**
   * Begins with what the gateway says of itself, under its own paths. Its components {@code
   * responses} have to have {@code TooManyRequests}, {@code Unauthorized}, {@code Forbidden},
   * {@code BadGateway}, {@code Unavailable} and {@code TimedOut}, and its {@code securitySchemes}
   * {@code bearerAuth}.
   */
  public MergedDocument(JsonObject gateway) {
    this.merged = gateway.copy();
    merged.getJsonArray("tags").forEach(tag -> tags.add(((JsonObject) tag).getString("name")));
    operations(merged).forEach(operation -> operationIds.add(operation.getString("operationId")));
  }

  /** Adds what can be reached of a service; operations marked {@code x-internal} cannot. */
  public void add(String service, JsonObject document, Way.Finder ways) {
    Components components = new Components(merged, service, document);
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : METHODS) {
        JsonObject operation = item.getJsonObject(method);
        if (operation == null || operation.getBoolean("x-internal", false)) {
          continue;
        }
        for (Way way : ways.to(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), path)) {
          add(way, method, components.adopt(whole(document, item, operation)));
        }
      }
    }
    document.getJsonArray("tags", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(tag -> isUsed(tag.getString("name")) && tags.add(tag.getString("name")))
        .forEach(tag -> merged.getJsonArray("tags").add(shopTags++, tag.copy()));
  }

  public JsonObject toJson() {
    return merged;
  }

  /** The operation with what its path and its document say for it. */
  private static JsonObject whole(JsonObject document, JsonObject item, JsonObject operation) {
    JsonObject whole = operation.copy();
    JsonArray parameters = item.getJsonArray("parameters", new JsonArray()).copy();
    parameters.addAll(whole.getJsonArray("parameters", new JsonArray()));
    if (!parameters.isEmpty()) {
      whole.put("parameters", parameters);
    }
    if (!whole.containsKey("security") && document.containsKey("security")) {
      whole.put("security", document.getJsonArray("security").copy());
    }
    return whole;
  }

  private void add(Way way, String method, JsonObject operation) {
    JsonObject paths = merged.getJsonObject("paths");
    if (!paths.containsKey(way.path())) {
      paths.put(way.path(), new JsonObject());
    }
    JsonObject item = paths.getJsonObject(way.path());
    if (item.containsKey(method)) {
      return; // the gateway's own, which is asked first
    }
    String id = operation.getString("operationId");
    operation.put("operationId", operationIds.add(id) ? id : unused(id + "_" + way.route()));
    JsonObject responses = operation.getJsonObject("responses");
    ANY_TIME.forEach((status, name) -> answers(responses, status, name));
    if (way.limited()) {
      answers(responses, "429", "TooManyRequests");
    }
    if (way.tokenNeeded()) {
      answers(responses, "401", "Unauthorized");
      if (operation.getJsonArray("security", new JsonArray()).isEmpty()) {
        operation.put(
            "security", new JsonArray().add(new JsonObject().put("bearerAuth", new JsonArray())));
      }
    }
    if (!way.roles().isEmpty()) {
      answers(responses, "403", "Forbidden");
      operation.put("x-route-roles", new JsonArray(way.roles().stream().sorted().toList()));
    }
    item.put(method, operation);
  }

  private String unused(String wanted) {
    String name = wanted.replaceAll("[^A-Za-z0-9_]", "_");
    String free = name;
    for (int i = 2; !operationIds.add(free); i++) {
      free = name + i;
    }
    return free;
  }

  private static void answers(JsonObject responses, String status, String component) {
    if (!responses.containsKey(status)) {
      responses.put(status, new JsonObject().put("$ref", "#/components/responses/" + component));
    }
  }

  private boolean isUsed(String tag) {
    return operations(merged).stream()
        .anyMatch(o -> o.getJsonArray("tags", new JsonArray()).contains(tag));
  }

  private static List<JsonObject> operations(JsonObject document) {
    return document.getJsonObject("paths").stream()
        .map(path -> (JsonObject) path.getValue())
        .flatMap(item -> METHODS.stream().filter(item::containsKey).map(item::getJsonObject))
        .toList();
  }
}
