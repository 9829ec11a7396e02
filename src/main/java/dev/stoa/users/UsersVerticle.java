package dev.stoa.users;

import dev.stoa.config.Live;
import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceEndpoint;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** The user service: one database, one endpoint. Deploy one instance per process. */
public final class UsersVerticle extends VerticleBase {
  public static final String SERVICE = "user-service";

  private final Chassis chassis;
  private final ServiceConfig service;
  private final DatabaseConfig databases;
  private final Live<UsersConfig> config;
  private final AdminPolicy adminPolicy;
  private Database database;
  private PasswordHasher hasher;
  private Leases leases;
  private ServiceEndpoint endpoint;

  public UsersVerticle(
      Chassis chassis,
      ServiceConfig service,
      DatabaseConfig databases,
      Live<UsersConfig> config,
      AdminPolicy adminPolicy) {
    this.chassis = chassis;
    this.service = service;
    this.databases = databases;
    this.config = config;
    this.adminPolicy = adminPolicy;
  }

  @Override
  public Future<?> start() {
    return Database.open(vertx, databases, SERVICE, IdempotencyStore.TABLES, Leases.TABLES)
        .compose(
            opened -> {
              database = opened;
              return Leases.open(vertx, database, SERVICE, databases.lease())
                  .onSuccess(joined -> leases = joined)
                  .compose(joined -> serve());
            });
  }

  private Future<Void> serve() {
    hasher = new PasswordHasher(vertx, config.map(UsersConfig::hashingQueue));
    InstantSource clock = InstantSource.system();
    UserRepository users = new UserRepository(database);
    Accounts accounts = new Accounts(users, hasher, new Uuid7(clock), clock);
    return new UserBootstrap(users, accounts)
        .ensureAdmin(config.get(), adminPolicy)
        .compose(
            ready ->
                ServiceEndpoint.start(
                    vertx,
                    chassis,
                    service,
                    new UserOperations(accounts).table(),
                    database,
                    leases))
        .onSuccess(started -> endpoint = started)
        .<Void>mapEmpty()
        .recover(failure -> stop().transform(closed -> Future.failedFuture(failure)));
  }

  @Override
  public Future<Void> stop() {
    Future<Void> stopped = endpoint == null ? Future.succeededFuture() : endpoint.stop();
    return stopped.eventually(hasher::close).eventually(leases::close).eventually(database::close);
  }
}
