package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Instances that the configuration itself lists: {@code discovery.static.services}.
 *
 * <pre>
 * static:
 *   services:
 *     user-service: [http://10.0.0.1:8081, http://10.0.0.2:8081]
 *     product-service:
 *       - {url: http://10.0.0.1:8082, weight: 2, zone: a, tags: [fast]}
 *     order-service: []
 * </pre>
 *
 * @param services all names, also those without an instance
 */
public record StaticConfig(Set<String> services, List<ServiceInstance> instances) {
  private static final String KEY = "discovery.static.services";
  private static final List<String> KEYS = List.of("url", "weight", "zone", "tags", "metadata");

  public StaticConfig {
    services = Set.copyOf(services);
    instances = List.copyOf(instances);
  }

  static StaticConfig from(ConfigReader root) {
    ConfigReader section = root.section(KEY);
    List<ServiceInstance> instances = new ArrayList<>();
    Set<String> services = new HashSet<>();
    for (String key : section.keys()) {
      String service = key.toLowerCase(Locale.ROOT);
      services.add(service);
      boolean mappings =
          section
              .value(key)
              .filter(io.vertx.core.json.JsonArray.class::isInstance)
              .map(io.vertx.core.json.JsonArray.class::cast)
              .filter(
                  list -> list.stream().anyMatch(io.vertx.core.json.JsonObject.class::isInstance))
              .isPresent();
      if (mappings) {
        section.sections(key).forEach(one -> detailed(service, one).ifPresent(instances::add));
      } else {
        for (String url : section.strings(key, List.of())) {
          Optional<ServiceInstance> instance = at(service, url);
          instance.ifPresentOrElse(
              instances::add, () -> section.error(key, "URLs like http://10.0.0.1:8081"));
        }
      }
    }
    if (new HashSet<>(instances.stream().map(ServiceInstance::id).toList()).size()
        < instances.size()) {
      root.error(KEY, "each instance once");
    }
    return new StaticConfig(services, instances);
  }

  private static Optional<ServiceInstance> detailed(String service, ConfigReader one) {
    one.keys().stream()
        .filter(key -> !KEYS.contains(key))
        .forEach(key -> one.error(key, "one of the keys " + KEYS));
    Optional<ServiceInstance> instance = at(service, one.string("url", ""));
    if (instance.isEmpty()) {
      one.error("url", "a URL like http://10.0.0.1:8081");
    }
    int weight = one.integer("weight", 1, 0, ServiceInstance.MAX_WEIGHT);
    String zone = one.string("zone", "");
    List<String> tags = one.strings("tags", List.of());
    var metadata = DiscoveryConfig.texts(one, "metadata");
    return instance.map(
        found ->
            found
                .withWeight(weight)
                .withZone(zone)
                .withTags(new HashSet<>(tags))
                .withMetadata(metadata));
  }

  private static Optional<ServiceInstance> at(String service, String url) {
    try {
      URI uri = URI.create(url);
      boolean tls = "https".equals(uri.getScheme());
      boolean bare = uri.getUserInfo() == null && uri.getQuery() == null;
      boolean noPath =
          uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
      if (!tls && !"http".equals(uri.getScheme()) || uri.getHost() == null || !bare || !noPath) {
        return Optional.empty();
      }
      int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
      return Optional.of(ServiceInstance.of(service, uri.getHost(), port).withSecure(tls));
    } catch (IllegalArgumentException notAUrl) {
      return Optional.empty();
    }
  }
}
