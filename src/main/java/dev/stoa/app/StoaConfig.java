package dev.stoa.app;

import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.ConsulKeys;
import dev.stoa.discovery.DiscoveryConfig;
import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.gateway.GatewayConfig;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.limits.RedisConfig;
import dev.stoa.observability.ManagementConfig;
import dev.stoa.observability.TracingConfig;
import dev.stoa.orders.OrdersConfig;
import dev.stoa.orders.OrdersVerticle;
import dev.stoa.payments.PaymentsConfig;
import dev.stoa.payments.PaymentsVerticle;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.products.ProductsConfig;
import dev.stoa.products.ProductsVerticle;
import dev.stoa.service.AuthConfig;
import dev.stoa.service.ServiceConfig;
import dev.stoa.users.UsersConfig;
import dev.stoa.users.UsersVerticle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The whole configuration: each package's own part, read and checked by that package.
 *
 * @param node what this process is called
 * @param drainTimeout how long other members of the cluster may take to let go at an orderly end
 * @param leaveDelay how long requests are still taken at an orderly end, after readiness is denied
 * @param services by name, in the order of their ports
 * @param upstreams how the services' instances are used by those who call them
 */
record StoaConfig(
    String node,
    LogConfig log,
    TracingConfig tracing,
    Duration leaveDelay,
    Duration drainTimeout,
    DatabaseConfig database,
    DiscoveryConfig discovery,
    ClusterConfig cluster,
    ManagementConfig management,
    Optional<RedisConfig> redis,
    AuthConfig auth,
    IdempotencyConfig idempotency,
    Map<String, ServiceConfig> services,
    UpstreamPolicies upstreams,
    GatewayConfig gateway,
    UsersConfig users,
    ProductsConfig products,
    OrdersConfig orders,
    PaymentsConfig payments) {

  private static final Map<String, Integer> PORTS = ports();
  private static final Pattern OF_ONE_NODE =
      Pattern.compile(
          "node|data\\..*|config\\.consul\\..*|cluster\\..*|management\\..*|database\\..*|profile"
              + "|discovery\\.(zone|advertised_host)"
              + "|gateway\\.(host|port)|services\\..*\\.(host|port|advertised_host)");

  /**
   * Reads everything and notes every error in the reader.
   *
   * @param devSecret the secret of tokens where none is configured; empty outside the profile dev
   * @param clustered whether this process is a member of a cluster
   */
  static StoaConfig from(
      ConfigReader root,
      Profile profile,
      Path data,
      Optional<String> devSecret,
      boolean clustered) {
    Map<String, ServiceConfig> services = new LinkedHashMap<>();
    PORTS.forEach((name, port) -> services.put(name, ServiceConfig.from(root, name, port)));
    if (root.has("data.dir") && !Path.of(root.string("data.dir", "")).equals(data)) {
      root.error("data.dir", "to be told by --data, -Dstoa.data.dir or APP_DATA_DIR");
    }
    ConsulKeys.validate(root);
    DiscoveryConfig discovery = DiscoveryConfig.from(root);
    if (discovery.types().contains(DiscoveryConfig.Type.CLUSTER) && !clustered) {
      root.error("discovery.type", "cluster only in a process that is started with --cluster");
    }
    if (discovery.isShared()) {
      services.values().stream()
          .filter(service -> service.advertised().isWildcard())
          .forEach(
              service ->
                  root.error(
                      "services." + service.name() + ".advertised_host",
                      "the address at which others reach it (here or as"
                          + " discovery.advertised_host), because it listens on all"));
    }
    ProductsConfig products = ProductsConfig.from(root);
    OrdersConfig orders = OrdersConfig.from(root);
    if (orders.hold().plus(OrdersConfig.HOLD_MARGIN).compareTo(products.maxHold()) > 0) {
      root.error("orders.hold", "a minute less than products.max_hold, at most");
    }
    ClusterConfig cluster = ClusterConfig.from(root);
    ManagementConfig management = ManagementConfig.from(root);
    return new StoaConfig(
        NodeName.of(root, cluster, management, clustered),
        LogConfig.from(root, profile),
        TracingConfig.from(root),
        root.duration("service.leave_delay", Duration.ZERO),
        root.duration("service.drain_timeout", Duration.ofSeconds(15)),
        DatabaseConfig.from(root, data),
        discovery,
        cluster,
        management,
        RedisConfig.from(root),
        AuthConfig.from(root, profile.lenient(), devSecret),
        IdempotencyConfig.from(root),
        services,
        UpstreamPolicies.from(root),
        GatewayConfig.from(root),
        UsersConfig.from(root),
        products,
        orders,
        PaymentsConfig.from(root));
  }

  /** Where this role listens: {@code host:port}. */
  String address(Role role) {
    return role.service()
        .map(services::get)
        .map(service -> service.host() + ":" + service.port())
        .orElse(gateway.host() + ":" + gateway.port());
  }

  /** The keys that differ and that only a restart brings into force. */
  static List<String> restartNeeded(StoaConfig old, StoaConfig now) {
    Map<String, Object> before = old.fixed();
    Map<String, Object> after = now.fixed();
    return before.keySet().stream().filter(key -> !before.get(key).equals(after.get(key))).toList();
  }

  /** Whether nodes that go by the same rules may well differ in this key. */
  static boolean isOfOneNode(String path) {
    return OF_ONE_NODE.matcher(path).matches();
  }

  /** What a running process cannot change, by key. */
  private Map<String, Object> fixed() {
    Map<String, Object> fixed = new LinkedHashMap<>();
    fixed.put("node", node);
    fixed.put("database", database);
    fixed.put("cluster", cluster);
    services.forEach(
        (name, service) -> {
          fixed.put("services." + name + ".host", service.host());
          fixed.put("services." + name + ".port", service.port());
        });
    fixed.put("management", management);
    fixed.put("discovery.zone", upstreams.zone());
    fixed.put("gateway.host", gateway.host());
    fixed.put("gateway.port", gateway.port());
    fixed.put("gateway.http2", gateway.http2());
    return fixed;
  }

  private static Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put(UsersVerticle.SERVICE, 8081);
    ports.put(ProductsVerticle.SERVICE, 8082);
    ports.put(OrdersVerticle.SERVICE, 8083);
    ports.put(PaymentsVerticle.SERVICE, 8084);
    ports.putAll(AddedServices.ports());
    return ports;
  }
}
