package dev.stoa.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An immutable snapshot of all services known and their instances. A service that was known once
 * stays known, if need be with no instance: "no such service" and "no instance now" are different
 * answers. Safe on any thread.
 */
public final class ServiceCatalog {
  public static final ServiceCatalog EMPTY = new ServiceCatalog(Map.of());

  private final Map<String, List<ServiceInstance>> byService;

  private ServiceCatalog(Map<String, List<ServiceInstance>> byService) {
    this.byService = byService;
  }

  public boolean knows(String service) {
    return byService.containsKey(service);
  }

  /** The instances of a service in a stable order; empty where there is none. */
  public List<ServiceInstance> instances(String service) {
    return byService.getOrDefault(service, List.of());
  }

  public Set<String> services() {
    return byService.keySet();
  }

  /** This catalog with an instance added, or replaced where its id is known. */
  public ServiceCatalog with(ServiceInstance instance) {
    List<ServiceInstance> list =
        new ArrayList<>(without(instance.id()).instances(instance.service()));
    list.add(instance);
    return replacing(instance.service(), list);
  }

  /** This catalog with the instance of that id gone. */
  public ServiceCatalog without(String id) {
    for (Map.Entry<String, List<ServiceInstance>> entry : byService.entrySet()) {
      if (entry.getValue().stream().anyMatch(i -> i.id().equals(id))) {
        return replacing(
            entry.getKey(), entry.getValue().stream().filter(i -> !i.id().equals(id)).toList());
      }
    }
    return this;
  }

  private ServiceCatalog replacing(String service, List<ServiceInstance> instances) {
    Map<String, List<ServiceInstance>> copy = new TreeMap<>(byService);
    copy.put(service, List.copyOf(instances));
    return new ServiceCatalog(java.util.Collections.unmodifiableMap(copy));
  }
}
