package dev.stoa.service;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.persistence.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running service: its operations over HTTP and the event bus, its health, its place in the
 * registry.
 */
public final class ServiceEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceEndpoint.class);

  private final ServiceRegistry registry;
  private final ServiceInstance instance;
  private final HttpBinding http;
  private final BusBinding bus;
  private final HealthRoutes health;

  private ServiceEndpoint(
      ServiceRegistry registry,
      ServiceInstance instance,
      HttpBinding http,
      BusBinding bus,
      HealthRoutes health) {
    this.registry = registry;
    this.instance = instance;
    this.http = http;
    this.bus = bus;
    this.health = health;
  }

  /**
   * Binds the operations (both transports, health) and then registers the instance. Call it from
   * the verticle's {@code start}, on its context. Fails where the contract and the operations
   * differ or the port is taken.
   *
   * @param database pinged by the readiness check
   */
  public static Future<ServiceEndpoint> start(
      Vertx vertx,
      Chassis chassis,
      ServiceConfig config,
      Operations operations,
      Database database) {
    HealthRoutes health = new HealthRoutes(vertx, database);
    return chassis
        .contracts()
        .of(config.name())
        .compose(
            contract -> {
              Dispatcher dispatcher = new Dispatcher(contract, operations, chassis.tokens());
              return HttpBinding.open(vertx, config, dispatcher, health)
                  .compose(
                      http ->
                          BusBinding.open(vertx, config.name(), dispatcher)
                              .map(bus -> endpoint(chassis.registry(), config, http, bus, health))
                              .onFailure(failure -> http.close()));
            })
        .compose(endpoint -> endpoint.registry.register(endpoint.instance).map(endpoint));
  }

  private static ServiceEndpoint endpoint(
      ServiceRegistry registry,
      ServiceConfig config,
      HttpBinding http,
      BusBinding bus,
      HealthRoutes health) {
    ServiceInstance instance = ServiceInstance.of(config.name(), config.host(), http.port());
    LOG.info("{} listens on {}:{}", config.name(), instance.host(), instance.port());
    return new ServiceEndpoint(registry, instance, http, bus, health);
  }

  /** The port it listens on. */
  public int port() {
    return instance.port();
  }

  /** Deregisters, lets running calls end (bounded), and closes. */
  public Future<Void> stop() {
    health.stopping();
    return registry
        .deregister(instance.id())
        .eventually(bus::close)
        .eventually(http::close)
        .onSuccess(closed -> LOG.info("{} stopped", instance.service()));
  }
}
