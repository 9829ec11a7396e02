package dev.stoa.apidocs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings components of one document into another, as they are needed: under their own name where
 * that is free or the same is there already, else with the service's name in front.
 */
final class Components {
  private static final String POINTER = "#/components/";

  private final JsonObject into;
  private final JsonObject from;
  private final String prefix;

  /** Where each component that was met has gone, {@code schemas/Id} to {@code schemas/Id}. */
  private final Map<String, String> adopted = new HashMap<>();

  Components(JsonObject into, String service, JsonObject from) {
    this.into = into.getJsonObject("components");
    this.from = from.getJsonObject("components", new JsonObject());
    this.prefix = camel(service.replaceFirst("-service$", ""));
  }

  /** A copy of a part of the one document that means the same in the other. */
  JsonObject adopt(JsonObject part) {
    JsonObject copy = new JsonObject();
    part.forEach(
        member -> {
          Object value = member.getValue();
          if (member.getKey().equals("$ref") && value instanceof String reference) {
            copy.put("$ref", reference(reference));
          } else if (member.getKey().equals("security") && value instanceof JsonArray needs) {
            copy.put("security", security(needs));
          } else {
            copy.put(member.getKey(), adoptValue(value));
          }
        });
    return copy;
  }

  private Object adoptValue(Object value) {
    if (value instanceof JsonObject object) {
      return adopt(object);
    }
    if (value instanceof JsonArray array) {
      return new JsonArray(array.stream().map(this::adoptValue).toList());
    }
    return value;
  }

  private JsonArray security(JsonArray needs) {
    JsonArray copy = new JsonArray();
    for (Object need : needs) {
      JsonObject schemes = new JsonObject();
      ((JsonObject) need)
          .forEach(
              scheme ->
                  schemes.put(
                      component("securitySchemes/" + scheme.getKey()).split("/", 2)[1],
                      scheme.getValue()));
      copy.add(schemes);
    }
    return copy;
  }

  private String reference(String reference) {
    return reference.startsWith(POINTER)
        ? POINTER + component(reference.substring(POINTER.length()))
        : reference;
  }

  private String component(String id) {
    String known = adopted.get(id);
    if (known != null) {
      return known;
    }
    String kind = id.split("/", 2)[0];
    String name = id.split("/", 2)[1];
    JsonObject original = from.getJsonObject(kind, new JsonObject()).getJsonObject(name);
    if (original == null) {
      throw new IllegalArgumentException("the document has no component " + id);
    }
    if (!into.containsKey(kind)) {
      into.put(kind, new JsonObject());
    }
    adopted.put(id, id); // of what refers to itself
    JsonObject copy = adopt(original);
    JsonObject there = into.getJsonObject(kind);
    String free = name;
    for (int i = 1; there.containsKey(free) && !there.getJsonObject(free).equals(copy); i++) {
      free = prefix + name + (i == 1 ? "" : i);
    }
    adopted.put(id, kind + "/" + free);
    there.put(free, free.equals(name) ? copy : adopt(original));
    return kind + "/" + free;
  }

  private static String camel(String words) {
    StringBuilder camel = new StringBuilder();
    for (String word : words.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        camel.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return camel.toString();
  }
}
