package dev.stoa.users;

import dev.stoa.config.Live;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceEndpoint;
import dev.stoa.service.ServiceStore;
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
  private ServiceStore store;
  private PasswordHasher hasher;
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
    return ServiceStore.open(vertx, databases, SERVICE, this::serve)
        .onSuccess(opened -> store = opened);
  }

  private Future<Void> serve(ServiceStore kept) {
    hasher = new PasswordHasher(vertx, config.map(UsersConfig::hashingQueue));
    InstantSource clock = InstantSource.system();
    UserRepository users = new UserRepository(kept.database());
    Accounts accounts = new Accounts(users, hasher, new Uuid7(clock), clock);
    return new UserBootstrap(users, accounts)
        .ensureAdmin(config.get(), adminPolicy)
        .compose(
            ready ->
                ServiceEndpoint.start(
                    vertx, chassis, service, new UserOperations(accounts).table(), kept))
        .onSuccess(started -> endpoint = started)
        .<Void>mapEmpty()
        .recover(failure -> hasher.close().transform(closed -> Future.failedFuture(failure)));
  }

  @Override
  public Future<?> stop() {
    return endpoint.stop().eventually(hasher::close).eventually(store::close);
  }
}
