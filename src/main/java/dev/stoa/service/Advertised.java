package dev.stoa.service;

import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.ServiceInstance;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What others are told of a service that runs here: {@code services.<name>.advertised_host} and so
 * on.
 *
 * @param port 0: the one that it listens on
 */
public record Advertised(String host, int port, int weight, String zone, Set<String> tags) {
  public Advertised {
    tags = Set.copyOf(tags);
  }

  /** At this host and whatever port it listens on, with nothing special about it. */
  static Advertised at(String host) {
    return new Advertised(host, 0, 1, "", Set.of());
  }

  /**
   * Reads it; what is not said for the service is said for all in {@code discovery}.
   *
   * @param host where it listens
   */
  static Advertised from(ConfigReader root, ConfigReader own, String host) {
    String everywhere = root.string("discovery.advertised_host", host);
    return new Advertised(
        own.string("advertised_host", everywhere),
        own.integer("advertised_port", 0, 0, 65_535),
        own.integer("weight", 1, 0, ServiceInstance.MAX_WEIGHT),
        own.string("zone", root.string("discovery.zone", "")),
        new HashSet<>(own.strings("tags", List.of())));
  }

  /** Whether nobody else could call this host: it stands for every address of a machine. */
  public boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
  }

  ServiceInstance instance(String service, int boundPort) {
    return ServiceInstance.of(service, host, port == 0 ? boundPort : port)
        .withWeight(weight)
        .withZone(zone)
        .withTags(tags);
  }
}
