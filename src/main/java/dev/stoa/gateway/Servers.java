package dev.stoa.gateway;

import dev.stoa.discovery.ServiceInstance;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The servers that the instances of a pool are, remembered as they are asked for. Safe on any
 * thread.
 */
final class Servers {
  private static final int MOST = 1_000;

  private record Known(ServiceInstance instance, Server server) {}

  private final Function<ServiceInstance, Target> targets;
  private final Map<String, Known> byId = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param targets how to talk to an instance
   */
  Servers(Function<ServiceInstance, Target> targets) {
    this.targets = targets;
  }

  Server of(ServiceInstance instance) {
    Known known = byId.get(instance.id());
    if (known == null || known.instance != instance) { // it may have moved under its id
      if (byId.size() >= MOST) {
        byId.clear(); // those in use come back
      }
      known = new Known(instance, Server.of(targets.apply(instance)));
      byId.put(instance.id(), known);
    }
    return known.server;
  }
}
