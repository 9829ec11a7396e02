package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How Consul is reached and used: {@code discovery.consul} of the configuration.
 *
 * @param token empty where none is needed
 * @param tls absent: plain HTTP
 * @param patience how long Consul may hold a question until it answers that nothing has changed
 * @param reregisterInterval how often it is checked that Consul still knows our instances
 */
public record ConsulConfig(
    String host,
    int port,
    Optional<String> datacenter,
    Optional<String> token,
    Optional<Tls> tls,
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
   * An encrypted connection to Consul.
   *
   * @param ca a PEM file; absent: the authorities that Java knows
   * @param client what this process shows where Consul asks who calls
   */
  public record Tls(Optional<String> ca, boolean verifyHost, Optional<ClientCertificate> client) {}

  /** PEM files. */
  public record ClientCertificate(String cert, String key) {}

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
    Optional<Tls> tls = tls(consul);
    if (mode == Import.BRIDGE && tls.isPresent()) {
      consul.error("import", "blocking-query, because the bridge cannot speak TLS");
    }
    String host = consul.string("host", "localhost");
    if (host.isBlank() || !host.equals(host.strip()) || host.contains("/")) {
      consul.error("host", "a name or an address, without scheme and port");
    }
    Duration patience = consul.duration("wait", Duration.ofSeconds(10));
    if (patience.toSeconds() < 1 || patience.toMinutes() > 10) {
      consul.error("wait", "between 1s and 10m");
    }
    Duration reregister = consul.duration("reregister_interval", Duration.ofSeconds(10));
    positive(consul, "reregister_interval", reregister);
    return new ConsulConfig(
        host,
        consul.integer("port", 8500, 1, 65_535),
        consul.string("datacenter"),
        consul.string("token").filter(token -> !token.isBlank()),
        tls,
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

  private static Optional<Tls> tls(ConfigReader consul) {
    ConfigReader tls = consul.section("tls");
    Optional<String> ca = file(tls, "ca");
    Optional<String> cert = file(tls, "cert");
    Optional<String> key = file(tls, "key");
    if (cert.isPresent() != key.isPresent()) {
      tls.error(cert.isPresent() ? "key" : "cert", "both cert and key, or none of them");
    }
    Optional<ClientCertificate> client =
        cert.flatMap(shown -> key.map(secret -> new ClientCertificate(shown, secret)));
    boolean verifyHost = tls.bool("verify_host", true);
    return tls.bool("enabled", false)
        ? Optional.of(new Tls(ca, verifyHost, client))
        : Optional.empty();
  }

  private static Optional<String> file(ConfigReader tls, String key) {
    Optional<String> name = tls.string(key).filter(path -> !path.isBlank());
    if (name.isPresent() && !new File(name.get()).isFile()) {
      tls.error(key, "a PEM file that is there");
    }
    return name;
  }

  private static void positive(ConfigReader section, String key, Duration value) {
    if (value.isZero()) {
      section.error(key, "more than nothing");
    }
  }

  /** Without the token, which is nobody's business. */
  @Override
  public String toString() {
    return "ConsulConfig[" + host + ":" + port + "]";
  }
}
