package dev.stoa.discovery;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A registry that knows what is registered with it, and nothing else. */
public final class LocalRegistry implements ServiceRegistry {
  // Changed only within a change of the catalog.
  private final OwnInstances own = new OwnInstances();
  private final LiveCatalog catalog = new LiveCatalog();

  @Override
  public Future<Void> register(ServiceInstance instance) {
    catalog.change(
        () -> {
          own.add(instance);
          return list();
        });
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> deregister(String instanceId) {
    catalog.change(
        () -> {
          own.remove(instanceId);
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
        own.services(),
        own.all().stream()
            .map(instance -> new CatalogEntry(instance, Set.of(OwnInstances.ORIGIN), false))
            .toList());
  }
}
