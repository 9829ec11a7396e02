package dev.stoa.discovery;

import io.vertx.core.Vertx;

/** Makes the directory of a type. */
final class Directories {
  private Directories() {}

  static Directory of(Vertx vertx, DiscoveryConfig.Type type, DiscoveryConfig config) {
    return switch (type) {
      case CONSUL -> new ConsulDirectory(vertx, config.consul());
      case EUREKA -> new EurekaDirectory(vertx, config.eureka());
      case CLUSTER -> new ClusterDirectory(vertx);
      case STATIC -> new StaticDirectory(config.listed());
    };
  }
}
