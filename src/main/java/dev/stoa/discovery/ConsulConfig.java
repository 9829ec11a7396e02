package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How Consul is reached and used: {@code discovery.consul} of the configuration.
 *
 * @param patience how long Consul may hold a question until it answers that nothing has changed
 * @param reregisterInterval how often it is checked that Consul still knows our instances
 */
public record ConsulConfig(
    ConsulAccess access,
    Import importMode,
    Duration patience,
    Duration reregisterInterval,
    List<String> tags,
    Map<String, String> metadata,
    Check check) {

  /** How the list of instances is read. */
  public enum Import {
    /** Our own loop of blocking queries. */
    BLOCKING_QUERY,
    /** The bridge of Vert.x' service discovery. */
    BRIDGE
  }

  /**
   * How Consul checks our instances.
   *
   * @param deregisterAfter how long an instance may fail until Consul forgets it; Consul takes no
   *     less than a minute
   */
  public record Check(String path, Duration interval, Duration timeout, Duration deregisterAfter) {
    static Check from(ConfigReader check) {
      Check read =
          new Check(
              check.string("path", "/health"),
              check.duration("interval", Duration.ofSeconds(10)),
              check.duration("timeout", Duration.ofSeconds(5)),
              check.duration("deregister_after", Duration.ofMinutes(10)));
      if (!read.path.startsWith("/")) {
        check.error("path", "a path that begins with /");
      }
      positive(check, "interval", read.interval);
      positive(check, "timeout", read.timeout);
      if (read.deregisterAfter.compareTo(Duration.ofMinutes(1)) < 0) {
        check.error("deregister_after", "at least 1m, which is the least that Consul takes");
      }
      return read;
    }
  }

  public ConsulConfig {
    tags = List.copyOf(tags);
    metadata = Map.copyOf(metadata);
  }

  static ConsulConfig from(ConfigReader consul) {
    Import mode = consul.oneOf("import", Import.class, Import.BLOCKING_QUERY);
    ConsulAccess access = ConsulAccess.from(consul, ConsulAccess.DEFAULT);
    if (mode == Import.BRIDGE && access.tls().isPresent()) {
      consul.error("import", "blocking-query, because the bridge cannot speak TLS");
    }
    Duration patience = ConsulAccess.patience(consul);
    Duration reregister = consul.duration("reregister_interval", Duration.ofSeconds(10));
    positive(consul, "reregister_interval", reregister);
    return new ConsulConfig(
        access,
        mode,
        patience,
        reregister,
        consul.strings("tags", List.of("http-endpoint")),
        metadata(consul),
        Check.from(consul.section("check")));
  }

  /** What Consul takes as metadata, and what does not tell of each instance already. */
  private static Map<String, String> metadata(ConfigReader consul) {
    Map<String, String> texts = DiscoveryConfig.texts(consul, "metadata");
    ConfigReader mapping = consul.section("metadata");
    texts.forEach(
        (key, text) -> {
          if (ConsulFormat.OWN_METADATA.contains(key)) {
            mapping.error(key, "another key: this one is said of each service by itself");
          } else if (!key.matches("(?!consul-)[A-Za-z0-9_-]{1,128}") || text.length() > 512) {
            mapping.error(key, "a key of letters, digits, - and _, and at most 512 characters");
          }
        });
    return texts;
  }

  private static void positive(ConfigReader section, String key, Duration value) {
    if (value.isZero()) {
      section.error(key, "more than nothing");
    }
  }
}
