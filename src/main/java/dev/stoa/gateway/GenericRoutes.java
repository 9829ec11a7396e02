package dev.stoa.gateway;

import dev.stoa.discovery.UpstreamPolicies;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routes that services of the catalog have without being configured, made as they are needed:
 * bounded by the catalog. Safe on any thread.
 */
final class GenericRoutes {
  private final Limit limit;
  private final long maxBody;
  private final UpstreamPolicies upstreams;
  private final Map<String, RouteTable.Route> routes = new ConcurrentHashMap<>();

  GenericRoutes(Limit limit, long maxBody, UpstreamPolicies upstreams) {
    this.limit = limit;
    this.maxBody = maxBody;
    this.upstreams = upstreams;
  }

  /** The route of a service that the catalog knows. */
  RouteTable.Route of(String service) {
    return routes.computeIfAbsent(
        service,
        name -> new RouteTable.Route(RouteConfig.generic(name, limit, maxBody, upstreams)));
  }
}
