package dev.stoa.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routes that services of the catalog have without being configured, made as they are needed:
 * bounded by the catalog. Safe on any thread.
 */
final class GenericRoutes {
  private final RouteDefaults defaults;
  private final SharedServers servers = new SharedServers();
  private final Map<String, RouteTable.Route> routes = new ConcurrentHashMap<>();

  GenericRoutes(RouteDefaults defaults) {
    this.defaults = defaults;
  }

  /** The route of a service that the catalog knows. */
  RouteTable.Route of(String service) {
    return routes.computeIfAbsent(
        service, name -> new RouteTable.Route(RouteConfig.generic(name, defaults), servers));
  }
}
