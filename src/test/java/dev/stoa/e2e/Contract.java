package dev.stoa.e2e;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An OpenAPI document as a client reads it. */
final class Contract {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("app://contract")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final JsonObject document;

  Contract(JsonObject document) {
    this.document = document;
  }

  /** What can be asked. */
  final class Operation {
    private final String path;
    private final String method;
    private final JsonObject json;

    private Operation(String path, String method, JsonObject json) {
      this.path = path;
      this.method = method;
      this.json = json;
    }

    String id() {
      return json.getString("operationId");
    }

    /** What it is asked by; HEAD where an answer to GET never ends. */
    HttpMethod method() {
      return endless() ? HttpMethod.HEAD : HttpMethod.valueOf(method.toUpperCase(Locale.ROOT));
    }

    private boolean endless() {
      return json.getJsonObject("responses")
          .getJsonObject("200", new JsonObject())
          .getJsonObject("content", new JsonObject())
          .containsKey("text/event-stream");
    }

    boolean needsToken() {
      return !json.getJsonArray("security", document.getJsonArray("security")).isEmpty();
    }

    Set<String> roles() {
      Set<String> roles = new TreeSet<>();
      json.getJsonArray("x-roles", new JsonArray()).forEach(role -> roles.add((String) role));
      return roles;
    }

    /** The path with the examples of its parameters, and of those in the query that have one. */
    String target() {
      String target = path;
      String separator = "?";
      for (JsonObject parameter : parameters()) {
        Object example = parameter.getValue("example");
        if (parameter.getString("in").equals("path")) {
          target = target.replace("{" + parameter.getString("name") + "}", example.toString());
        } else if (parameter.getString("in").equals("query") && example != null) {
          target += separator + parameter.getString("name") + "=" + example;
          separator = "&";
        }
      }
      return target;
    }

    boolean hasId() {
      return path.contains("id}");
    }

    /** The example of its body; empty where it takes none. */
    Optional<JsonObject> body() {
      if (!json.containsKey("requestBody")) {
        return Optional.empty();
      }
      JsonObject schema =
          json.getJsonObject("requestBody")
              .getJsonObject("content")
              .getJsonObject("application/json")
              .getJsonObject("schema");
      return Optional.of(resolved(schema).getJsonArray("examples").getJsonObject(0));
    }

    /** The status of the answer when all goes well. */
    int success() {
      return json.getJsonObject("responses").fieldNames().stream()
          .filter(status -> status.startsWith("2"))
          .mapToInt(Integer::parseInt)
          .min()
          .orElseThrow();
    }

    /** What is wrong with an answer, measured by this document; empty where nothing is. */
    List<String> faults(Answer answer) {
      String status = Integer.toString(answer.status());
      JsonObject response = json.getJsonObject("responses").getJsonObject(status);
      if (response == null) {
        return List.of("status " + status + " is not documented");
      }
      JsonObject content = resolved(response).getJsonObject("content", new JsonObject());
      String given = answer.header("Content-Type");
      if (content.isEmpty()) {
        return given == null ? List.of() : List.of("a body of " + given + " is not documented");
      }
      String type = given == null ? "none" : given.split(";")[0];
      if (!content.containsKey(type)) {
        return List.of("content type " + type + " is not documented");
      }
      return type.endsWith("json") && !endless()
          ? mismatches(content.getJsonObject(type).getJsonObject("schema"), answer.json())
          : List.of();
    }

    private List<JsonObject> parameters() {
      return concat(
              document.getJsonObject("paths").getJsonObject(path).getJsonArray("parameters"),
              json.getJsonArray("parameters"))
          .stream()
          .map(parameter -> resolved((JsonObject) parameter))
          .toList();
    }

    @Override
    public String toString() {
      return method() + " " + path;
    }
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .getJsonObject("paths")
        .forEach(
            path -> {
              JsonObject item = (JsonObject) path.getValue();
              item.fieldNames().stream()
                  .filter(METHODS::contains)
                  .forEach(
                      method ->
                          operations.add(
                              new Operation(path.getKey(), method, item.getJsonObject(method))));
            });
    return operations;
  }

  private JsonObject resolved(JsonObject part) {
    String reference = part.getString("$ref");
    if (reference == null) {
      return part;
    }
    JsonObject found = document;
    for (String name : reference.substring(2).split("/")) {
      found = found.getJsonObject(name);
    }
    return resolved(found);
  }

  /** References are followed within the schema, so the components come along. */
  private List<String> mismatches(JsonObject schema, JsonObject value) {
    JsonObject whole =
        new JsonObject()
            .put("components", document.getJsonObject("components"))
            .put("allOf", new JsonArray().add(schema));
    OutputUnit result = Validator.create(JsonSchema.of(whole.copy()), OPTIONS).validate(value);
    return result.getValid()
        ? List.of()
        : result.getErrors().stream()
            .map(error -> error.getInstanceLocation() + " " + error.getError())
            .toList();
  }

  private static List<Object> concat(JsonArray first, JsonArray second) {
    List<Object> all = new ArrayList<>();
    Optional.ofNullable(first).ifPresent(list -> list.forEach(all::add));
    Optional.ofNullable(second).ifPresent(list -> list.forEach(all::add));
    return all;
  }
}
