package dev.stoa.discovery;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Keeps the catalog in this process. */
final class LocalRegistry implements ServiceRegistry {
  static final String ORIGIN = "local";

  // Both are changed only within a change of the catalog.
  private final Map<String, ServiceInstance> instances = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();
  private final LiveCatalog catalog = new LiveCatalog();

  @Override
  public Future<Void> register(ServiceInstance instance) {
    catalog.change(
        () -> {
          instances.put(instance.id(), instance);
          known.add(instance.service());
          return list();
        });
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> deregister(String instanceId) {
    catalog.change(
        () -> {
          instances.remove(instanceId);
          return list();
        });
    return Future.succeededFuture();
  }

  @Override
  public ServiceCatalog catalog() {
    return catalog.get();
  }

  @Override
  public Watch watch(Consumer<ServiceCatalog> listener) {
    return catalog.watch(listener);
  }

  @Override
  public Future<Void> settled() {
    return Future.succeededFuture();
  }

  @Override
  public DiscoveryStatus status() {
    return new DiscoveryStatus(List.of(), catalog.get(), List.of());
  }

  private ServiceCatalog list() {
    return ServiceCatalog.of(
        known,
        instances.values().stream()
            .map(instance -> new CatalogEntry(instance, Set.of(ORIGIN), false))
            .toList());
  }
}
