package dev.stoa.app;

import dev.stoa.config.ConfigReader;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * How a process joins others: {@code cluster} of the configuration. Of no effect without {@code
 * --cluster}.
 *
 * @param name what keeps two clusters apart that could reach each other
 * @param host the address at which the others reach this process, or a name that leads to it; no
 *     other listens
 * @param port where members find each other
 * @param busPort where the event bus listens; 0: any
 * @param advertised where the others reach it, if not where it listens
 * @param members {@code host:port} of those who are asked to be let in, this process among them or
 *     not
 * @param dns a name that leads to all members, at the same port, as that of a headless service of
 *     Kubernetes does; asked instead of {@code members}
 */
record ClusterConfig(
    String name,
    String host,
    int port,
    int busPort,
    Advertised advertised,
    List<String> members,
    Optional<String> dns) {
  private static final int DEFAULT_PORT = 5701;
  private static final String LOOPBACK = "127.0.0.1";
  private static final int MAX_MEMBERS = 100;

  /**
   * For a member behind a translation of addresses: what it tells the others.
   *
   * @param port of {@code port}; 0: the same
   * @param busPort of the event bus; 0: the same
   */
  record Advertised(String host, int port, int busPort) {}

  ClusterConfig {
    members = List.copyOf(members);
  }

  static ClusterConfig from(ConfigReader root) {
    ConfigReader cluster = root.section("cluster");
    String name = cluster.string("name", "stoa");
    if (name.isBlank()) {
      cluster.error("name", "a name");
    }
    String host = cluster.string("host", LOOPBACK);
    if (!isHost(host) || host.equals("0.0.0.0") || host.equals("::")) {
      cluster.error("host", "one address of this machine, or its name, where the others reach it");
    }
    Optional<String> dns = cluster.string("dns").filter(text -> !text.isBlank());
    if (dns.isPresent() && (!isHost(dns.get()) || NetUtil.isValidIpV6Address(dns.get()))) {
      cluster.error("dns", "a name that leads to all members");
    }
    return new ClusterConfig(
        name,
        host,
        cluster.integer("port", DEFAULT_PORT, 1, 65_535),
        cluster.integer("bus_port", 0, 0, 65_535),
        new Advertised(
            cluster.string("advertised_host", host),
            cluster.integer("advertised_port", 0, 0, 65_535),
            cluster.integer("advertised_bus_port", 0, 0, 65_535)),
        members(cluster),
        dns);
  }

  private static List<String> members(ConfigReader cluster) {
    List<String> members =
        cluster.strings(
            "members", List.of(LOOPBACK + ":5701", LOOPBACK + ":5702", LOOPBACK + ":5703"));
    if (members.isEmpty() || members.size() > MAX_MEMBERS) {
      cluster.error("members", "1 to " + MAX_MEMBERS + " addresses like 10.0.0.7:5701");
    }
    for (int i = 0; i < members.size(); i++) {
      if (!isAddress(members.get(i))) {
        cluster.itemError("members", i, "an address like 10.0.0.7:5701");
      }
    }
    return members;
  }

  private static boolean isHost(String host) {
    return NetUtil.isValidIpV6Address(host) || isAddress(host + ":1");
  }

  private static boolean isAddress(String member) {
    try {
      URI uri = URI.create("tcp://" + member);
      return uri.getHost() != null
          && uri.getPort() > 0
          && uri.getPort() <= 65_535
          && uri.getUserInfo() == null
          && uri.getPath().isEmpty()
          && uri.getQuery() == null
          && uri.getFragment() == null;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  /** Where the others find it as a member. */
  String publicAddress() {
    return advertised.host + ":" + (advertised.port == 0 ? port : advertised.port);
  }

  String address() {
    return host + ":" + port;
  }
}
