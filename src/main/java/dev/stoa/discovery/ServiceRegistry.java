package dev.stoa.discovery;

import io.vertx.core.Future;

/** Where services make themselves known and find each other. Safe on any thread. */
public interface ServiceRegistry {

  /** Makes an instance known; registering the same id again replaces it. */
  Future<Void> register(ServiceInstance instance);

  /** Takes an instance out; an unknown id is no error. */
  Future<Void> deregister(String instanceId);

  /** The snapshot in force now. Never blocks, never empty because a registry is away. */
  ServiceCatalog catalog();

  /** The registry of a single process: what runs in this jar knows each other. */
  static ServiceRegistry local() {
    return new LocalRegistry();
  }
}
