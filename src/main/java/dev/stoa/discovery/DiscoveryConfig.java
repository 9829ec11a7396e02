package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How services find each other: {@code discovery} of the configuration.
 *
 * @param types the registries in the order in which they are believed; empty: only what runs in
 *     this process is known
 * @param keepLost how long an instance is taken for alive that a registry has forgotten, rather
 *     than been told to forget
 */
public record DiscoveryConfig(
    List<Type> types,
    Duration keepLost,
    ConsulConfig consul,
    EurekaConfig eureka,
    StaticConfig listed) {

  /** The registries outside of this process. */
  public enum Type {
    CONSUL,
    EUREKA,
    CLUSTER,
    STATIC;

    /** As the configuration writes it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String TYPE = "discovery.type";
  private static final String LOCAL = "local";

  public DiscoveryConfig {
    types = List.copyOf(types);
  }

  public static DiscoveryConfig from(ConfigReader root) {
    return new DiscoveryConfig(
        types(root),
        root.duration("discovery.keep_lost", Duration.ofMinutes(15)),
        ConsulConfig.from(root.section("discovery.consul")),
        EurekaConfig.from(root.section("discovery.eureka")),
        StaticConfig.from(root));
  }

  /** Whether anybody outside of this process is told where its services are. */
  public boolean isShared() {
    return types.contains(Type.CONSUL)
        || types.contains(Type.EUREKA)
        || types.contains(Type.CLUSTER);
  }

  private static List<Type> types(ConfigReader root) {
    List<String> names = root.strings(TYPE, List.of(LOCAL));
    List<Type> types = new ArrayList<>();
    for (String name : names) {
      String wanted = name.toLowerCase(Locale.ROOT);
      List<Type> found =
          List.of(Type.values()).stream().filter(type -> type.text().equals(wanted)).toList();
      if (found.isEmpty() && !wanted.equals(LOCAL)) {
        root.error(TYPE, "one or more of local, consul, eureka, cluster, static");
      } else if (!found.isEmpty() && types.contains(found.get(0))) {
        root.error(TYPE, "each registry once");
      }
      types.addAll(found);
    }
    if (names.isEmpty()) {
      root.error(TYPE, "at least one of local, consul, eureka, cluster, static");
    } else if (names.size() > 1 && names.stream().anyMatch(LOCAL::equalsIgnoreCase)) {
      root.error(TYPE, "local alone, or without it: what runs in this process is always known");
    }
    return types;
  }

  /** What concerns one registry: it need not be opened anew where this stays the same. */
  Object part(Type type) {
    Object own =
        switch (type) {
          case CONSUL -> consul;
          case EUREKA -> eureka;
          case CLUSTER -> Type.CLUSTER;
          case STATIC -> listed;
        };
    return List.of(own, keepLost);
  }

  /** A mapping of texts; numbers and booleans count as what they look like. */
  static Map<String, String> texts(ConfigReader section, String key) {
    ConfigReader mapping = section.section(key);
    Map<String, String> texts = new TreeMap<>();
    for (String name : mapping.keys()) {
      mapping
          .value(name)
          .filter(
              value ->
                  value instanceof String || value instanceof Number || value instanceof Boolean)
          .ifPresentOrElse(
              value -> texts.put(name, value.toString()), () -> mapping.error(name, "a text"));
    }
    return texts;
  }
}
