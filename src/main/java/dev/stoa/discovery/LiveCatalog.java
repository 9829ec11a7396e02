package dev.stoa.discovery;

import dev.stoa.discovery.ServiceRegistry.Watch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog in force and those who watch it. Reading takes no lock; changes are made one after
 * the other, so that watchers see them in order.
 */
final class LiveCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(LiveCatalog.class);

  private final List<Consumer<ServiceCatalog>> watchers = new CopyOnWriteArrayList<>();
  private volatile ServiceCatalog current = ServiceCatalog.EMPTY;

  ServiceCatalog get() {
    return current;
  }

  /** Puts a new catalog in force, worked out while nobody else changes it. */
  synchronized void change(Supplier<ServiceCatalog> next) {
    ServiceCatalog catalog = next.get();
    if (!catalog.equals(current)) {
      current = catalog;
      watchers.forEach(watcher -> tell(watcher, catalog));
    }
  }

  synchronized Watch watch(Consumer<ServiceCatalog> listener) {
    // Its own object: the same listener may watch twice and close one.
    Consumer<ServiceCatalog> watcher = listener::accept;
    watchers.add(watcher);
    tell(watcher, current);
    return () -> watchers.remove(watcher);
  }

  private static void tell(Consumer<ServiceCatalog> watcher, ServiceCatalog catalog) {
    try {
      watcher.accept(catalog);
    } catch (RuntimeException e) {
      LOG.error("a watcher of the catalog failed", e);
    }
  }
}
