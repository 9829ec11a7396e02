package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.io.File;
import java.time.Duration;
import java.util.Optional;

/**
 * How a Consul agent is reached.
 *
 * @param token empty where none is needed
 * @param tls absent: plain HTTP
 */
record ConsulAccess(
    String host, int port, Optional<String> datacenter, Optional<String> token, Optional<Tls> tls) {

  static final ConsulAccess DEFAULT =
      new ConsulAccess("localhost", 8500, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * An encrypted connection to Consul.
   *
   * @param ca a PEM file; absent: the authorities that Java knows
   * @param client what this process shows where Consul asks who calls
   */
  record Tls(Optional<String> ca, boolean verifyHost, Optional<ClientCertificate> client) {}

  /** PEM files. */
  record ClientCertificate(String cert, String key) {}

  /** What {@code consul} says; for what it does not say, {@code fallback}. */
  static ConsulAccess from(ConfigReader consul, ConsulAccess fallback) {
    String host = consul.string("host", fallback.host);
    boolean wellFormed = !host.isBlank() && host.equals(host.strip()) && !host.contains("/");
    if (consul.has("host") && !wellFormed) {
      consul.error("host", "a name or an address, without scheme and port");
    }
    return new ConsulAccess(
        host,
        consul.integer("port", fallback.port, 1, 65_535),
        consul.string("datacenter").or(fallback::datacenter),
        consul.string("token").filter(token -> !token.isBlank()).or(fallback::token),
        consul.has("tls") ? tls(consul.section("tls")) : fallback.tls);
  }

  /** How long Consul may hold a question, as {@code consul} says. */
  static Duration patience(ConfigReader consul) {
    Duration patience = consul.duration("wait", Duration.ofSeconds(10));
    if (patience.toSeconds() < 1 || patience.toMinutes() > 10) {
      consul.error("wait", "between 1s and 10m");
    }
    return patience;
  }

  private static Optional<Tls> tls(ConfigReader tls) {
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

  /** Without the token, which is nobody's business. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
