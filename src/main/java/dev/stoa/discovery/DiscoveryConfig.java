package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;

/** How services find each other: {@code discovery} of the configuration. */
public record DiscoveryConfig(Type type) {

  /** The kinds of registry. */
  public enum Type {
    /** What runs in this process. */
    LOCAL
  }

  public static DiscoveryConfig from(ConfigReader root) {
    return new DiscoveryConfig(root.oneOf("discovery.type", Type.class, Type.LOCAL));
  }
}
