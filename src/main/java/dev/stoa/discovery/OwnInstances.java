package dev.stoa.discovery;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What runs in this process: its instances, the services that ever had one here, and for a while
 * those instances that were deregistered, which registries may still list. Used only within a
 * change of the catalog.
 */
final class OwnInstances {
  /** What the catalog calls this process as a source. */
  static final String ORIGIN = "local";

  private static final long FORGETTING_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Map<String, ServiceInstance> instances = new LinkedHashMap<>();
  private final Set<String> services = new TreeSet<>();
  private final Map<String, Long> withdrawn = new HashMap<>();

  void add(ServiceInstance instance) {
    instances.put(instance.id(), instance);
    services.add(instance.service());
    withdrawn.remove(instance.id());
  }

  void remove(String id) {
    forget();
    if (instances.remove(id) != null) {
      withdrawn.put(id, System.nanoTime());
    }
  }

  List<ServiceInstance> all() {
    return List.copyOf(instances.values());
  }

  /** Also those that have no instance any more. */
  Collection<String> services() {
    return services;
  }

  /** The ids of those that are to be left out though a registry lists them. */
  Set<String> withdrawn() {
    forget();
    return withdrawn.keySet();
  }

  private void forget() {
    long now = System.nanoTime();
    withdrawn.values().removeIf(since -> now - since > FORGETTING_NANOS);
  }
}
