package dev.stoa.gateway;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.UpstreamPolicies;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The places and servers of all routes of one table: routes that lead to the same place, as most of
 * a thousand do, find the same ones. Bounded by the targets of the table. Safe on any thread.
 */
final class SharedServers {
  private record Way(List<Target> targets, UpstreamPolicies policies) {}

  private final Map<Way, Places> places = new ConcurrentHashMap<>();
  private final Map<Target, Servers> ofServices = new ConcurrentHashMap<>();
  private final Map<List<Target>, Servers> ofAddresses = new ConcurrentHashMap<>();

  /**
   * Where these targets lead to.
   *
   * @param name as {@link Places#Places} takes it
   */
  Places places(String name, List<Target> targets, UpstreamPolicies policies) {
    return places.computeIfAbsent(
        new Way(List.copyOf(targets), policies),
        way -> new Places(name, way.targets(), policies, this));
  }

  /** The servers of a target that discovery knows. */
  Servers of(Target service) {
    return ofServices.computeIfAbsent(
        service, target -> new Servers(instance -> within(target, instance)));
  }

  /** The servers of targets that discovery does not know. */
  Servers of(List<Target> addresses) {
    return ofAddresses.computeIfAbsent(List.copyOf(addresses), SharedServers::byUrl);
  }

  private static Servers byUrl(List<Target> addresses) {
    Map<String, Target> byUrl = new TreeMap<>();
    addresses.forEach(target -> byUrl.put(target.url(), target));
    return new Servers(instance -> byUrl.get(instance.id()));
  }

  /** An instance of a service as the target that leads to the service says. */
  private static Target within(Target service, ServiceInstance instance) {
    boolean tls = service.tls() || instance.secure();
    return new Target(tls, instance.host(), instance.port(), service.basePath(), 1);
  }
}
