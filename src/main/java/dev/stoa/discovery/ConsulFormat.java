package dev.stoa.discovery;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.consul.CheckStatus;
import io.vertx.ext.consul.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Instances as Consul has them. What Consul, or its client, has no field for travels as metadata:
 * {@code weight}, {@code zone}, {@code secure}.
 */
final class ConsulFormat {
  private static final String WEIGHT = "weight";
  private static final String ZONE = "zone";
  private static final String SECURE = "secure";

  /** What stands in the metadata of each instance and is no metadata of ours. */
  static final Set<String> OWN_METADATA = Set.of(WEIGHT, ZONE, SECURE);

  private ConsulFormat() {}

  /** Names are compared in lower case, as host names are. */
  static String serviceName(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** A service as the agent and the catalog describe it. */
  static Service service(JsonObject json) {
    Map<String, String> metadata = new TreeMap<>();
    if (json.getJsonObject("Meta") != null) {
      json.getJsonObject("Meta")
          .forEach(entry -> metadata.put(entry.getKey(), (String) entry.getValue()));
    }
    List<String> tags = new ArrayList<>();
    if (json.getJsonArray("Tags") != null) {
      json.getJsonArray("Tags").forEach(tag -> tags.add((String) tag));
    }
    return new Service()
        .setId(json.getString("ID"))
        .setName(json.getString("Service"))
        .setAddress(json.getString("Address"))
        .setPort(json.getInteger("Port", 0))
        .setTags(tags)
        .setMeta(metadata);
  }

  /**
   * An instance; empty where it has no address that anybody could call.
   *
   * @param nodeAddress taken where the service has no address of its own
   */
  static Optional<ServiceInstance> read(Service service, String nodeAddress) {
    String own = service.getAddress();
    String host = own == null || own.isEmpty() ? nodeAddress : own;
    int port = service.getPort();
    String id = service.getId();
    if (host == null || host.isEmpty() || id == null || port < 1 || port > 65_535) {
      return Optional.empty();
    }
    Map<String, String> metadata =
        new TreeMap<>(service.getMeta() == null ? Map.of() : service.getMeta());
    int weight = weight(metadata.remove(WEIGHT));
    String zone = metadata.remove(ZONE);
    boolean secure = "true".equals(metadata.remove(SECURE));
    Set<String> tags = service.getTags() == null ? Set.of() : new TreeSet<>(service.getTags());
    String name = serviceName(service.getName());
    return Optional.of(
        new ServiceInstance(
            id, name, host, port, secure, weight, zone == null ? "" : zone, tags, metadata));
  }

  /** The instance with what all of this process have in common. */
  static ServiceInstance marked(ServiceInstance instance, ConsulConfig config) {
    Set<String> tags = new TreeSet<>(config.tags());
    tags.addAll(instance.tags());
    Map<String, String> metadata = new TreeMap<>(config.metadata());
    metadata.putAll(instance.metadata());
    return instance.withTags(tags).withMetadata(metadata);
  }

  /**
   * What registers an instance (<a
   * href="https://developer.hashicorp.com/consul/api-docs/agent/service#register-service">agent
   * API</a>). It passes at once: who registers is ready.
   */
  static JsonObject write(ServiceInstance instance, ConsulConfig.Check check) {
    JsonObject metadata = new JsonObject();
    instance.metadata().forEach(metadata::put);
    if (instance.weight() != 1) {
      metadata.put(WEIGHT, Integer.toString(instance.weight()));
    }
    if (!instance.zone().isEmpty()) {
      metadata.put(ZONE, instance.zone());
    }
    if (instance.secure()) {
      metadata.put(SECURE, "true");
    }
    int weight = Math.max(1, instance.weight()); // Consul knows no 0
    return new JsonObject()
        .put("ID", instance.id())
        .put("Name", instance.service())
        .put("Address", instance.host())
        .put("Port", instance.port())
        .put("Tags", new JsonArray(List.copyOf(instance.tags())))
        .put("Meta", metadata)
        .put("Weights", new JsonObject().put("Passing", weight).put("Warning", 1))
        .put("Check", check(instance, check));
  }

  private static JsonObject check(ServiceInstance instance, ConsulConfig.Check check) {
    String host = instance.host().contains(":") ? "[" + instance.host() + "]" : instance.host();
    String scheme = instance.secure() ? "https" : "http";
    return new JsonObject()
        .put("Name", "health of " + instance.id())
        .put("HTTP", scheme + "://" + host + ":" + instance.port() + check.path())
        .put("Interval", text(check.interval()))
        .put("Timeout", text(check.timeout()))
        .put("DeregisterCriticalServiceAfter", text(check.deregisterAfter()))
        .put("Status", CheckStatus.PASSING.key);
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }

  private static int weight(String text) {
    try {
      int weight = text == null ? 1 : Integer.parseInt(text);
      return weight < 0 || weight > ServiceInstance.MAX_WEIGHT ? 1 : weight;
    } catch (NumberFormatException notAWeight) {
      return 1;
    }
  }
}
