package dev.stoa.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The contracts of the services, {@code openapi/<service>.yaml} of the class path, each loaded once
 * per process.
 */
public final class Contracts {
  private final Vertx vertx;
  private final Map<String, Future<OpenAPIContract>> loaded = new ConcurrentHashMap<>();

  public Contracts(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Begins to load these contracts, so that they are there when they are asked for. */
  public void preload(Collection<String> services) {
    services.forEach(this::of);
  }

  /** The contract of a service; fails where there is none or it is no valid OpenAPI 3.1. */
  public Future<OpenAPIContract> of(String service) {
    return loaded.computeIfAbsent(
        service, name -> OpenAPIContract.from(vertx, "openapi/" + name + ".yaml"));
  }
}
