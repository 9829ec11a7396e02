package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.Optional;

/**
 * Where in Consul's key-value store the configuration is: {@code config.consul}. How Consul is
 * reached is as {@code discovery.consul} says, as far as it is not said here.
 *
 * @param prefix of all keys, ending in a slash
 * @param patience how long Consul may hold a question until it answers that nothing has changed
 * @param startTimeout how long a start waits for an answer
 * @param required whether there is no start without one
 */
record ConsulKeysConfig(
    ConsulAccess access,
    String prefix,
    Duration patience,
    Duration startTimeout,
    boolean required) {

  static final String SECTION = "config.consul";
  private static final int MAX_PREFIX = 200;

  /** Empty where it is not enabled. */
  static Optional<ConsulKeysConfig> from(ConfigReader root) {
    ConfigReader own = root.section(SECTION);
    ConfigReader discovery = root.section("discovery.consul");
    boolean enabled = own.bool("enabled", false);
    String prefix = own.string("prefix", "config/stoa");
    if (!prefix.matches("[^/\\s\\p{Cntrl}](/?[^/\\s\\p{Cntrl}])*/?")
        || prefix.length() > MAX_PREFIX) {
      own.error("prefix", "the beginning of keys, without a slash in front: config/stoa");
    }
    Duration patience = ConsulAccess.patience(own);
    Duration startTimeout = own.duration("start_timeout", Duration.ofSeconds(3));
    if (startTimeout.isZero() || startTimeout.toMinutes() > 10) {
      own.error("start_timeout", "more than nothing, and at most 10m");
    }
    ConsulAccess access =
        ConsulAccess.from(own, ConsulAccess.from(discovery, ConsulAccess.DEFAULT));
    boolean required = own.bool("required", false);
    return enabled
        ? Optional.of(
            new ConsulKeysConfig(
                access,
                prefix.endsWith("/") ? prefix : prefix + "/",
                patience,
                startTimeout,
                required))
        : Optional.empty();
  }
}
