package dev.stoa.service;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running service: its operations over HTTP and the event bus, its health, its place in the
 * registry.
 */
public final class ServiceEndpoint {
  /** The metadata of an instance that does the work of an Idempotency-Key once by itself. */
  public static final String HEEDS_KEYS = "idempotency-key";

  private static final Logger LOG = LoggerFactory.getLogger(ServiceEndpoint.class);

  private final ServiceRegistry registry;
  private final ServiceInstance instance;
  private final HttpBinding http;
  private final BusBinding bus;
  private final HealthRoutes health;
  private final Idempotency idempotency;

  private ServiceEndpoint(
      ServiceRegistry registry,
      ServiceInstance instance,
      HttpBinding http,
      BusBinding bus,
      HealthRoutes health,
      Idempotency idempotency) {
    this.registry = registry;
    this.instance = instance;
    this.http = http;
    this.bus = bus;
    this.health = health;
    this.idempotency = idempotency;
  }

  /**
   * Binds the operations (both transports, health) and then registers the instance. Call it from
   * the verticle's {@code start}, on its context. Fails where the contract and the operations
   * differ or the port is taken.
   *
   * @param store pinged by the readiness check; keeps the replies to idempotency keys; outlives the
   *     endpoint
   */
  public static Future<ServiceEndpoint> start(
      Vertx vertx,
      Chassis chassis,
      ServiceConfig config,
      Operations operations,
      ServiceStore store) {
    HealthRoutes health = new HealthRoutes(vertx, store.database());
    return Idempotency.open(vertx, store, chassis.idempotency(), Clock.systemUTC())
        .compose(
            idempotency ->
                bind(vertx, chassis, config, operations, health, idempotency)
                    .onFailure(failure -> idempotency.close()))
        .compose(endpoint -> endpoint.registry.register(endpoint.instance).map(endpoint));
  }

  private static Future<ServiceEndpoint> bind(
      Vertx vertx,
      Chassis chassis,
      ServiceConfig config,
      Operations operations,
      HealthRoutes health,
      Idempotency idempotency) {
    return chassis
        .contracts()
        .of(config.name())
        .compose(
            contract -> {
              ReadingRoutes reading = new ReadingRoutes(chassis.contracts(), config.name());
              Dispatcher dispatcher =
                  new Dispatcher(
                      contract,
                      operations,
                      chassis.tokens(),
                      idempotency,
                      new Dispatcher.Reports(
                          config.name(),
                          chassis.telemetry().metrics().operations(),
                          chassis.telemetry().tracing()));
              return HttpBinding.open(vertx, config, dispatcher, health, reading)
                  .compose(
                      http ->
                          BusBinding.open(vertx, config.name(), dispatcher)
                              .map(
                                  bus ->
                                      new ServiceEndpoint(
                                          chassis.registry(),
                                          instance(config, http),
                                          http,
                                          bus,
                                          health,
                                          idempotency))
                              .onFailure(failure -> http.close()));
            });
  }

  private static ServiceInstance instance(ServiceConfig config, HttpBinding http) {
    LOG.info("{} listens on {}:{}", config.name(), config.host(), http.port());
    return config
        .advertised()
        .instance(config.name(), http.port())
        .withMetadata(Map.of(HEEDS_KEYS, "true"));
  }

  /** The port it listens on. */
  public int port() {
    return http.port();
  }

  /**
   * Deregisters, goes on until nobody sends anything more because all have noticed, lets running
   * calls end (bounded), and closes.
   */
  public Future<Void> stop() {
    health.stopping();
    return registry
        .deregister(instance.id())
        .eventually(registry::settled)
        .eventually(bus::close)
        .eventually(http::close)
        .eventually(idempotency::close)
        .onSuccess(closed -> LOG.info("{} stopped", instance.service()));
  }
}
