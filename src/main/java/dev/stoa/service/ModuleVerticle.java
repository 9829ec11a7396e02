package dev.stoa.service;

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
  private ServiceStore store;
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
    return ServiceStore.open(vertx, databases, module.service(), this::serve)
        .onSuccess(opened -> store = opened);
  }

  private Future<Void> serve(ServiceStore kept) {
    ServiceContext context =
        new ServiceContext(vertx, kept.database(), chassis.client(), InstantSource.system());
    return Future.succeededFuture(context)
        .map(module::operations)
        .compose(operations -> ServiceEndpoint.start(vertx, chassis, config, operations, kept))
        .onSuccess(started -> endpoint = started)
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    return endpoint.stop().eventually(store::close);
  }
}
