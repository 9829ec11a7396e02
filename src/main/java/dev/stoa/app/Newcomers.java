package dev.stoa.app;

import dev.stoa.discovery.CatalogEntry;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells of services that have an instance which the catalog before did not list. One that is only
 * what was known last does not count: its registry is away, and nobody has seen it come. For one
 * thread at a time.
 */
final class Newcomers implements Consumer<ServiceCatalog> {
  private final Consumer<String> listener;
  private Map<String, Set<String>> before = Map.of();

  Newcomers(Consumer<String> listener) {
    this.listener = listener;
  }

  @Override
  public void accept(ServiceCatalog catalog) {
    Map<String, Set<String>> now = new HashMap<>();
    for (String service : catalog.services()) {
      now.put(
          service,
          catalog.entries(service).stream()
              .filter(entry -> !entry.stale())
              .map(CatalogEntry::instance)
              .map(ServiceInstance::id)
              .collect(Collectors.toUnmodifiableSet()));
    }
    Map<String, Set<String>> past = before;
    before = now;
    now.forEach(
        (service, instances) -> {
          if (!past.getOrDefault(service, Set.of()).containsAll(instances)) {
            listener.accept(service);
          }
        });
  }
}
