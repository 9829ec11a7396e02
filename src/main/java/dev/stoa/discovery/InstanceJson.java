package dev.stoa.discovery;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Instances as JSON: on disk, between members of a cluster, and for operators. */
public final class InstanceJson {
  private InstanceJson() {}

  public static JsonObject write(ServiceInstance instance) {
    JsonObject metadata = new JsonObject();
    instance.metadata().forEach(metadata::put);
    return new JsonObject()
        .put("id", instance.id())
        .put("service", instance.service())
        .put("host", instance.host())
        .put("port", instance.port())
        .put("secure", instance.secure())
        .put("weight", instance.weight())
        .put("zone", instance.zone())
        .put("tags", new JsonArray(instance.tags().stream().toList()))
        .put("metadata", metadata);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws RuntimeException of some kind where it is anything else
   */
  static ServiceInstance read(JsonObject json) {
    Set<String> tags = new HashSet<>();
    json.getJsonArray("tags").forEach(tag -> tags.add((String) tag));
    Map<String, String> metadata = new TreeMap<>();
    json.getJsonObject("metadata").forEach(entry -> metadata.put(entry.getKey(), text(entry)));
    return new ServiceInstance(
        json.getString("id"),
        json.getString("service"),
        json.getString("host"),
        json.getInteger("port"),
        json.getBoolean("secure"),
        json.getInteger("weight"),
        json.getString("zone"),
        tags,
        metadata);
  }

  private static String text(Map.Entry<String, Object> entry) {
    return (String) entry.getValue();
  }
}
