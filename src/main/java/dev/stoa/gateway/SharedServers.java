package dev.stoa.gateway;

import dev.stoa.discovery.ServiceInstance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The servers of all routes of one table: routes that lead to the same place, as most of a thousand
 * do, find the same ones. Bounded by the targets of the table. Safe on any thread.
 */
final class SharedServers {
  private final Map<Target, Servers> ofServices = new ConcurrentHashMap<>();
  private final Map<List<Target>, Servers> ofAddresses = new ConcurrentHashMap<>();

  /** Those of a target that discovery knows. */
  Servers of(Target service) {
    return ofServices.computeIfAbsent(
        service, target -> new Servers(instance -> within(target, instance)));
  }

  /** Those of targets that discovery does not know. */
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
