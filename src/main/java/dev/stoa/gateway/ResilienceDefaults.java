package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import java.util.Map;
import java.util.TreeMap;

/**
 * What routes do about failing upstreams without saying so themselves: the keys of a route at the
 * top level and, for the service a route leads to, below {@code services.<name>}.
 */
record ResilienceDefaults(RouteResilience standard, Map<String, RouteResilience> byService) {
  ResilienceDefaults {
    byService = Map.copyOf(byService);
  }

  static ResilienceDefaults from(ConfigReader root) {
    RouteResilience standard = RouteResilience.DEFAULT.on(root);
    ConfigReader services = root.section("services");
    Map<String, RouteResilience> byService = new TreeMap<>();
    for (String name : services.keys()) {
      byService.put(name, standard.on(services.section(name)));
    }
    return new ResilienceDefaults(standard, byService);
  }

  /** The service, where it is one; else the address. */
  String nameOf(Target target) {
    return byService.containsKey(target.host()) ? target.host() : target.authority();
  }

  RouteResilience of(String service) {
    return byService.getOrDefault(service, standard);
  }
}
