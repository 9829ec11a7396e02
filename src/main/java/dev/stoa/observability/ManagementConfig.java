package dev.stoa.observability;

import dev.stoa.config.ConfigReader;

/**
 * Where the process is watched: {@code management} of the configuration. Both need a restart.
 *
 * @param port 0 for any that is free
 */
public record ManagementConfig(String host, int port) {

  public static ManagementConfig from(ConfigReader root) {
    ConfigReader own = root.section("management");
    return new ManagementConfig(
        own.string("host", "127.0.0.1"), own.integer("port", 8090, 0, 65535));
  }

  /** {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }
}
