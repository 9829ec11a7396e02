package dev.stoa.discovery;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps the catalog in this process: one reference, swapped at each change. */
final class LocalRegistry implements ServiceRegistry {
  private final AtomicReference<ServiceCatalog> catalog =
      new AtomicReference<>(ServiceCatalog.EMPTY);

  @Override
  public Future<Void> register(ServiceInstance instance) {
    catalog.updateAndGet(c -> c.with(instance));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> deregister(String instanceId) {
    catalog.updateAndGet(c -> c.without(instanceId));
    return Future.succeededFuture();
  }

  @Override
  public ServiceCatalog catalog() {
    return catalog.get();
  }
}
