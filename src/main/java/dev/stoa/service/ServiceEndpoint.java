package dev.stoa.service;

import dev.stoa.persistence.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * One running service: its operations over HTTP and the event bus, its health, its place in the
 * registry.
 */
public final class ServiceEndpoint {

  private ServiceEndpoint() {}

  /**
   * Binds the operations (both transports, health) and then registers the instance. Call it from
   * the verticle's {@code start}, on its context.
   *
   * @param database pinged by the readiness check
   */
  public static Future<ServiceEndpoint> start(
      Vertx vertx,
      Chassis chassis,
      ServiceConfig config,
      Operations operations,
      Database database) {
    return Future.failedFuture("follows");
  }

  /** Deregisters, lets running calls end (bounded), and closes the server. */
  public Future<Void> stop() {
    return Future.succeededFuture();
  }
}
