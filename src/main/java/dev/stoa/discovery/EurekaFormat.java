package dev.stoa.discovery;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instances as Eureka's REST API has them. It is made from XML: a list of one may come as that one,
 * numbers and booleans as texts, attributes as keys with {@code @}, content as {@code $}.
 */
final class EurekaFormat {
  private static final Logger LOG = LoggerFactory.getLogger(EurekaFormat.class);
  private static final String WEIGHT = "weight";
  private static final String ZONE = "zone";

  /** The status in which an instance takes requests. */
  static final String UP = "UP";

  static final String DOWN = "DOWN";

  /**
   * What Eureka lists, in whatever state.
   *
   * @param action what has happened to it, in a list of changes
   * @param instance empty where it has no address that anybody could call
   */
  record Listed(String key, String status, String action, Optional<ServiceInstance> instance) {
    boolean isUp() {
      return status.equals(UP);
    }

    String service() {
      return key.substring(0, key.indexOf('/')).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An answer.
   *
   * @param hash how many instances are in which state, after changes are applied
   */
  record Listing(List<Listed> instances, String hash) {}

  private EurekaFormat() {}

  /**
   * Reads the answer to {@code GET /apps} or {@code /apps/delta}. An instance that nobody
   * understands is left out, unless all are of that kind: then it is the answer that is wrong.
   *
   * @throws RuntimeException of some kind where it is none
   */
  static Listing read(JsonObject answer) {
    JsonObject applications = answer.getJsonObject("applications");
    if (applications == null) {
      throw new IllegalArgumentException("an answer without applications");
    }
    List<Listed> listed = new ArrayList<>();
    RuntimeException wrong = null;
    for (Object application : many(applications.getValue("application"))) {
      for (Object instance : many(((JsonObject) application).getValue("instance"))) {
        try {
          listed.add(listed((JsonObject) instance));
        } catch (NullPointerException | ClassCastException e) {
          wrong = new IllegalArgumentException("an instance that is none: " + instance, e);
          LOG.debug("left out of what eureka lists", wrong);
        }
      }
    }
    if (wrong != null && listed.isEmpty()) {
      throw wrong;
    }
    return new Listing(listed, text(applications, "apps__hashcode", ""));
  }

  private static Listed listed(JsonObject json) {
    String app = json.getString("app");
    String host = text(json, "hostName", json.getString("ipAddr"));
    String id = text(json, "instanceId", host);
    return new Listed(
        app + "/" + id,
        text(json, "status", "UNKNOWN"),
        text(json, "actionType", ""),
        instance(json, id, app.toLowerCase(Locale.ROOT), host));
  }

  private static Optional<ServiceInstance> instance(
      JsonObject json, String id, String service, String host) {
    JsonObject plain = part(json, "port");
    JsonObject tls = part(json, "securePort");
    boolean secure = !enabled(plain) && enabled(tls);
    int port = number((secure ? tls : plain).getValue("$"), 0);
    if (port < 1 || port > 65_535 || host == null || host.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> metadata = new TreeMap<>();
    part(json, "metadata").stream()
        .filter(entry -> !entry.getKey().startsWith("@") && entry.getValue() != null)
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().toString()));
    int weight = number(metadata.remove(WEIGHT), 1);
    boolean sane = weight >= 0 && weight <= ServiceInstance.MAX_WEIGHT;
    String zone = metadata.remove(ZONE);
    return Optional.of(
        new ServiceInstance(
            id,
            service,
            host,
            port,
            secure,
            sane ? weight : 1,
            zone == null ? "" : zone,
            Set.of(),
            metadata));
  }

  /** What registers an instance: the body of {@code POST /apps/<name>}. */
  static JsonObject write(
      ServiceInstance instance, String status, EurekaConfig config, Clock clock) {
    JsonObject metadata = new JsonObject();
    config.metadata().forEach(metadata::put);
    instance.metadata().forEach(metadata::put);
    metadata.put(WEIGHT, Integer.toString(instance.weight()));
    if (!instance.zone().isEmpty()) {
      metadata.put(ZONE, instance.zone());
    }
    String base = url(instance);
    JsonObject lease =
        new JsonObject()
            .put("renewalIntervalInSecs", config.renewal().toSeconds())
            .put("durationInSecs", config.lease().toSeconds());
    JsonObject body =
        new JsonObject()
            .put("instanceId", instance.id())
            .put("hostName", instance.host())
            .put("ipAddr", instance.host())
            .put("app", app(instance))
            .put("vipAddress", instance.service())
            .put("secureVipAddress", instance.service())
            .put("status", status)
            .put("port", port(instance, !instance.secure()))
            .put("securePort", port(instance, instance.secure()))
            .put("homePageUrl", base + "/")
            .put("statusPageUrl", base + "/health")
            .put("healthCheckUrl", base + "/health")
            // An older registration does not replace a newer one.
            .put("lastDirtyTimestamp", Long.toString(clock.millis()))
            .put("leaseInfo", lease)
            .put("metadata", metadata)
            .put(
                "dataCenterInfo",
                new JsonObject()
                    .put("@class", "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo")
                    .put("name", "MyOwn"));
    return new JsonObject().put("instance", body);
  }

  static String app(ServiceInstance instance) {
    return instance.service().toUpperCase(Locale.ROOT);
  }

  static String url(ServiceInstance instance) {
    String host = instance.host().contains(":") ? "[" + instance.host() + "]" : instance.host();
    return (instance.secure() ? "https://" : "http://") + host + ":" + instance.port();
  }

  private static JsonObject port(ServiceInstance instance, boolean enabled) {
    return new JsonObject().put("$", instance.port()).put("@enabled", Boolean.toString(enabled));
  }

  /** What is there and null is not there. */
  private static String text(JsonObject json, String key, String otherwise) {
    String text = json.getString(key);
    return text == null ? otherwise : text;
  }

  private static JsonObject part(JsonObject json, String key) {
    JsonObject part = json.getJsonObject(key);
    return part == null ? new JsonObject() : part;
  }

  private static boolean enabled(JsonObject port) {
    return "true".equals(String.valueOf(port.getValue("@enabled")));
  }

  private static List<?> many(Object value) {
    if (value == null) {
      return List.of();
    }
    return value instanceof JsonArray array ? array.stream().toList() : List.of(value);
  }

  private static int number(Object value, int otherwise) {
    try {
      return value == null ? otherwise : Integer.parseInt(value.toString());
    } catch (NumberFormatException notANumber) {
      return otherwise;
    }
  }
}
