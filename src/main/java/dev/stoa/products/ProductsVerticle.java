package dev.stoa.products;

import dev.stoa.config.Live;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.Operations;
import dev.stoa.service.Periodic;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceEndpoint;
import dev.stoa.service.ServiceStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** The product service: one database, one endpoint. Deploy one instance per process. */
public final class ProductsVerticle extends VerticleBase {
  public static final String SERVICE = "product-service";

  private static final int MAX_EXPIRED = 100;

  private final Chassis chassis;
  private final ServiceConfig service;
  private final DatabaseConfig databases;
  private final Live<ProductsConfig> config;
  private final InstantSource clock = InstantSource.system();
  private ServiceStore store;
  private Periodic sweep;
  private ServiceEndpoint endpoint;

  public ProductsVerticle(
      Chassis chassis,
      ServiceConfig service,
      DatabaseConfig databases,
      Live<ProductsConfig> config) {
    this.chassis = chassis;
    this.service = service;
    this.databases = databases;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    return ServiceStore.open(vertx, databases, SERVICE, this::serve)
        .onSuccess(opened -> store = opened);
  }

  private Future<Void> serve(ServiceStore kept) {
    Database database = kept.database();
    ReservationRepository books = new ReservationRepository(database, clock);
    Reservations reservations = new Reservations(books, clock);
    Operations operations = new Operations();
    Catalog catalog = new Catalog(new ProductRepository(database), clock);
    new ProductOperations(catalog, config).addTo(operations);
    new ReservationOperations(reservations, config).addTo(operations);
    new AuditOperations(new StockAudit(database), books).addTo(operations);
    return ServiceEndpoint.start(vertx, chassis, service, operations, kept)
        .onSuccess(
            started -> {
              endpoint = started;
              sweep =
                  Periodic.start(
                      vertx,
                      "sweep of reservations",
                      () -> config.get().sweepInterval(),
                      kept.leases().whileHeld(() -> reservations.expire(MAX_EXPIRED)));
            })
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    return endpoint.stop().eventually(sweep::stop).eventually(store::close);
  }
}
