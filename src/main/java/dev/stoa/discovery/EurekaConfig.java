package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How Eureka is reached and used: {@code discovery.eureka} of the configuration.
 *
 * @param servers tried in this order, beginning with the one that answered last
 * @param renewal how often an instance says that it is alive
 * @param lease how long Eureka keeps one that does not
 * @param fetchInterval how often the list is read
 * @param delta whether only changes are read, where the server offers them
 */
public record EurekaConfig(
    List<URI> servers,
    Duration renewal,
    Duration lease,
    Duration fetchInterval,
    boolean delta,
    Map<String, String> metadata) {

  private enum Fetch {
    DELTA,
    FULL
  }

  public EurekaConfig {
    servers = List.copyOf(servers);
    metadata = Map.copyOf(metadata);
  }

  static EurekaConfig from(ConfigReader eureka) {
    Duration renewal = eureka.duration("renewal_interval", Duration.ofSeconds(30));
    Duration lease = eureka.duration("lease_duration", Duration.ofSeconds(90));
    Duration fetch = eureka.duration("fetch_interval", Duration.ofSeconds(10));
    if (renewal.toSeconds() < 1) {
      eureka.error("renewal_interval", "at least 1s");
    }
    if (lease.compareTo(renewal) <= 0) {
      eureka.error("lease_duration", "more than renewal_interval");
    }
    if (fetch.toMillis() < 100) {
      eureka.error("fetch_interval", "at least 100ms");
    }
    return new EurekaConfig(
        servers(eureka),
        renewal,
        lease,
        fetch,
        eureka.oneOf("fetch", Fetch.class, Fetch.DELTA) == Fetch.DELTA,
        DiscoveryConfig.texts(eureka, "metadata"));
  }

  private static List<URI> servers(ConfigReader eureka) {
    List<URI> servers = new ArrayList<>();
    for (String text : eureka.strings("url", List.of("http://localhost:8761/eureka"))) {
      try {
        URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean port = uri.getPort() < 0 || uri.getPort() > 0 && uri.getPort() <= 65_535;
        if (http
            && port
            && uri.getHost() != null
            && uri.getQuery() == null
            && uri.getFragment() == null) {
          servers.add(uri);
          continue;
        }
      } catch (IllegalArgumentException notAUrl) {
        // Told below, with every other way to be wrong.
      }
      eureka.error("url", "URLs like http://localhost:8761/eureka");
    }
    if (servers.isEmpty()) {
      eureka.error("url", "at least one URL like http://localhost:8761/eureka");
    }
    return servers;
  }

  /** Without what the URLs may tell of users and passwords. */
  @Override
  public String toString() {
    return "EurekaConfig" + servers.stream().map(URI::getHost).toList();
  }
}
