package dev.stoa.discovery;

import io.vertx.core.Future;
import java.util.function.Consumer;

/** Where services make themselves known and find each other. Safe on any thread. */
public interface ServiceRegistry {

  /** Makes an instance known; registering the same id again replaces it. */
  Future<Void> register(ServiceInstance instance);

  /** Takes an instance out; an unknown id is no error. */
  Future<Void> deregister(String instanceId);

  /** The snapshot in force now. Never blocks, never empty because a registry is away. */
  ServiceCatalog catalog();

  /**
   * Tells of each change: the listener gets the catalog in force now, before this returns, and then
   * each new one, in order and never two at once, on whatever thread made the change. It must be
   * quick and must not register, deregister or watch. A listener that throws is logged and gets the
   * next one all the same.
   */
  Watch watch(Consumer<ServiceCatalog> listener);

  /**
   * Completes when whoever reads the same registries has had the time to notice what was
   * deregistered here, and sends nothing more.
   */
  Future<Void> settled();

  /** How everything stands, for operators. Never blocks. */
  DiscoveryStatus status();

  /** Ends when it is closed; may be closed twice. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
