package dev.stoa.service;

import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * What a service keeps: its database, with the tables that every service has beside its own, and
 * the share of this process in it.
 */
public record ServiceStore(Database database, Leases leases) {

  /**
   * Opens and migrates it, and has the service begin to serve. Where either fails, nothing is left
   * open.
   *
   * @param serve completes when requests are served
   */
  public static Future<ServiceStore> open(
      Vertx vertx,
      DatabaseConfig config,
      String service,
      Function<ServiceStore, Future<Void>> serve) {
    return Database.open(vertx, config, service, IdempotencyStore.TABLES, Leases.TABLES)
        .compose(
            database ->
                Leases.open(vertx, database, service, config.lease())
                    .map(leases -> new ServiceStore(database, leases))
                    .recover(failure -> closed(database.close(), failure)))
        .compose(
            store ->
                Future.<Void>succeededFuture()
                    .compose(open -> serve.apply(store))
                    .map(store)
                    .recover(failure -> closed(store.close(), failure)));
  }

  private static <T> Future<T> closed(Future<Void> closing, Throwable failure) {
    return closing.transform(closed -> Future.failedFuture(failure));
  }

  /** Leaves what is left to do to others, and closes; when nothing is done there any more. */
  public Future<Void> close() {
    return leases.close().eventually(database::close);
  }
}
