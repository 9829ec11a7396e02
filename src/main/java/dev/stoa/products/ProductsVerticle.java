package dev.stoa.products;

import dev.stoa.config.Live;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.Operations;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceEndpoint;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** The product service: one database, one endpoint. Deploy one instance per process. */
public final class ProductsVerticle extends VerticleBase {
  public static final String SERVICE = "product-service";

  private final Chassis chassis;
  private final ServiceConfig service;
  private final DatabaseConfig databases;
  private final Live<ProductsConfig> config;
  private Database database;
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
    return Database.open(vertx, databases, SERVICE)
        .compose(
            opened -> {
              database = opened;
              return ServiceEndpoint.start(vertx, chassis, service, operations(), database)
                  .recover(
                      failure -> database.close().transform(c -> Future.failedFuture(failure)));
            })
        .onSuccess(started -> endpoint = started);
  }

  private Operations operations() {
    InstantSource clock = InstantSource.system();
    Operations operations = new Operations();
    Catalog catalog = new Catalog(new ProductRepository(database), new Uuid7(clock), clock);
    new ProductOperations(catalog, config).addTo(operations);
    new ReservationOperations(new Reservations(database, clock)).addTo(operations);
    return operations;
  }

  @Override
  public Future<?> stop() {
    return endpoint.stop().eventually(database::close);
  }
}
