package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.edge.EdgeLimits;
import dev.stoa.edge.OverloadLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything the gateway is told: {@code gateway}, {@code routes}, {@code rate_limiting} and {@code
 * cors} of the configuration, with the routes compiled. One immutable snapshot holds for the whole
 * of a request.
 *
 * @param host where to listen; needs a restart, as {@code port} and {@code http2} do
 * @param http2 whether to speak HTTP/2 without TLS, too (for gRPC)
 * @param trustedProxies whose {@code X-Forwarded-*} is believed
 * @param idleTimeout the longest silence within a body
 * @param keepAlive how long a connection may wait for its next request
 * @param edge what one client, and all of them, may take of the server
 * @param overload when an event loop turns requests away
 * @param drainTimeout how long running exchanges may take when the gateway stops
 * @param generic the routes of services without a configured one
 * @param accessLog what of the exchanges is told in the log
 */
public record GatewayConfig(
    String host,
    int port,
    boolean http2,
    List<AddressRange> trustedProxies,
    Duration idleTimeout,
    Duration keepAlive,
    Duration drainTimeout,
    EdgeLimits edge,
    OverloadLimits overload,
    long maxBody,
    RateLimits limits,
    Cors cors,
    RouteTable routes,
    GenericRoutes generic,
    AccessLog.Settings accessLog) {

  private static final long DEFAULT_MAX_BODY = 1L << 30;

  public GatewayConfig {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** Reads the gateway's part; everything wrong is noted on the reader. */
  public static GatewayConfig from(ConfigReader root) {
    ConfigReader own = root.section("gateway");
    RateLimits limits = RateLimits.from(root);
    long maxBody = own.size("max_body", DEFAULT_MAX_BODY);
    List<AddressRange> trustedProxies = trustedProxies(own);
    EdgeLimits edge = edge(own, trustedProxies);
    ProxyTarget.Timeouts timeouts = timeouts(own, edge);
    RouteDefaults defaults =
        new RouteDefaults(
            limits, timeouts, maxBody, UpstreamPolicies.from(root), ResilienceDefaults.from(root));
    return new GatewayConfig(
        own.string("host", "127.0.0.1"),
        own.integer("port", 8000, 0, 65535),
        own.bool("http2", false),
        trustedProxies,
        timeouts.idle(),
        positive(own, "keep_alive", Duration.ofSeconds(75)),
        own.duration("drain_timeout", Duration.ofSeconds(10)),
        edge,
        overload(own.section("overload")),
        maxBody,
        limits,
        Cors.from(root),
        routes(root, defaults),
        new GenericRoutes(defaults),
        AccessLog.Settings.from(root));
  }

  /** Whether a route has its guard under this name. */
  public boolean leadsTo(String guard) {
    return routes.leadTo(guard);
  }

  /** The instances that routes want checked. */
  public List<HealthChecks.Checked> checks(InstancePools pools) {
    return routes.checks(pools);
  }

  /** A proxy of ours brings many clients over its connections; it is not one of them. */
  private static EdgeLimits edge(ConfigReader own, List<AddressRange> trustedProxies) {
    return new EdgeLimits(
        own.integer("max_connections", EdgeLimits.MAX_CONNECTIONS, 1, Integer.MAX_VALUE),
        own.integer(
            "max_connections_per_client",
            EdgeLimits.MAX_CONNECTIONS_PER_CLIENT,
            0,
            Integer.MAX_VALUE),
        positive(own, "header_timeout", EdgeLimits.HEADER_TIMEOUT),
        (int) Math.min(Integer.MAX_VALUE, own.size("min_body_rate", EdgeLimits.MIN_BODY_RATE)),
        own.integer("max_open_bodies", EdgeLimits.MAX_OPEN_BODIES, 1, 10_000),
        peer -> ClientAddress.isIn(trustedProxies, peer.getHostAddress()));
  }

  private static ProxyTarget.Timeouts timeouts(ConfigReader own, EdgeLimits edge) {
    return new ProxyTarget.Timeouts(
        positive(own, "connect_timeout", Duration.ofSeconds(5)),
        RouteConfig.DEFAULT_TIMEOUT,
        positive(own, "idle_timeout", Duration.ofSeconds(30)),
        own.duration("stream_timeout", Duration.ZERO),
        new ClientPace.Least(edge.minBodyRate(), edge.rateWindow()));
  }

  private static OverloadLimits overload(ConfigReader own) {
    OverloadLimits usual = OverloadLimits.DEFAULT;
    Duration target = positive(own, "target", usual.target());
    Duration interval = positive(own, "interval", usual.interval());
    if (target.compareTo(interval) > 0) {
      own.error("target", "at most the interval");
      return usual;
    }
    return new OverloadLimits(
        own.bool("enabled", usual.enabled()), target, interval, own.duration("rest", usual.rest()));
  }

  private static RouteTable routes(ConfigReader root, RouteDefaults defaults) {
    List<ConfigReader> sections = root.sections("routes");
    List<RouteConfig> routes = new ArrayList<>();
    RouteLint lint = new RouteLint(root);
    Same same = new Same();
    for (ConfigReader section : sections) {
      new RouteReader(section, defaults)
          .read()
          .filter(route -> lint.accepts(section, route))
          .map(route -> route.sharing(same))
          .ifPresent(routes::add);
    }
    return new RouteTable(routes);
  }

  private static List<AddressRange> trustedProxies(ConfigReader own) {
    List<AddressRange> ranges = new ArrayList<>();
    List<String> texts = own.strings("trusted_proxies", List.of());
    for (int i = 0; i < texts.size(); i++) {
      Optional<AddressRange> range = AddressRange.parse(texts.get(i));
      range.ifPresent(ranges::add);
      if (range.isEmpty()) {
        own.itemError("trusted_proxies", i, "an address or a range like 10.0.0.0/8");
      }
    }
    return ranges;
  }

  private static Duration positive(ConfigReader own, String key, Duration defaultValue) {
    Duration value = own.duration(key, defaultValue);
    if (value.isZero()) {
      own.error(key, "more than zero");
      return defaultValue;
    }
    return value;
  }
}
