package dev.stoa.service;

import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** Runs a {@link ServiceModule}: its database and its endpoint. Deploy one instance per process. */
public final class ModuleVerticle extends VerticleBase {
  private final Chassis chassis;
  private final ServiceConfig config;
  private final DatabaseConfig databases;
  private final ServiceModule module;
  private Database database;
  private Leases leases;
  private ServiceEndpoint endpoint;

  public ModuleVerticle(
      Chassis chassis, ServiceConfig config, DatabaseConfig databases, ServiceModule module) {
    this.chassis = chassis;
    this.config = config;
    this.databases = databases;
    this.module = module;
  }

  @Override
  public Future<?> start() {
    return Database.open(vertx, databases, module.service(), IdempotencyStore.TABLES, Leases.TABLES)
        .compose(
            opened -> {
              database = opened;
              return Leases.open(vertx, database, module.service(), databases.lease())
                  .onSuccess(joined -> leases = joined)
                  .compose(joined -> serve())
                  .recover(
                      failure -> database.close().transform(c -> Future.failedFuture(failure)));
            });
  }

  private Future<Void> serve() {
    ServiceContext context =
        new ServiceContext(vertx, database, chassis.client(), InstantSource.system());
    return Future.succeededFuture(context)
        .map(module::operations)
        .compose(
            operations ->
                ServiceEndpoint.start(vertx, chassis, config, operations, database, leases))
        .onSuccess(started -> endpoint = started)
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    return endpoint.stop().eventually(leases::close).eventually(database::close);
  }
}
