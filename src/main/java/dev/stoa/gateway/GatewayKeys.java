package dev.stoa.gateway;

import dev.stoa.config.Live;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.idempotency.Presence;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Periodic;
import dev.stoa.service.Uuid7;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * The gateway's own idempotency keys, for upstreams that know of none. Its database is opened when
 * the first such key comes; a failure to do so fails that request, and the next one tries again.
 * One per process, shared by its gateways. Safe on any thread.
 */
public final class GatewayKeys {
  private static final String DATABASE = "gateway";

  private record Opened(Database database, IdempotencyStore store, Periodic tending) {}

  private final Vertx vertx;
  private final DatabaseConfig databases;
  private final Live<IdempotencyConfig> config;
  private final Context own;
  private Future<Opened> opened;
  private boolean closed;

  /** Nothing is opened yet. To be made outside of verticles, so that it outlives each of them. */
  public GatewayKeys(Vertx vertx, DatabaseConfig databases, Live<IdempotencyConfig> config) {
    this.vertx = vertx;
    this.databases = databases;
    this.config = config;
    this.own = vertx.getOrCreateContext();
  }

  IdempotencyConfig config() {
    return config.get();
  }

  /** The store; the future completes on the caller's context. */
  Future<IdempotencyStore> store() {
    Future<Opened> shared = shared();
    if (shared.succeeded()) {
      return Future.succeededFuture(shared.result().store);
    }
    Context context = vertx.getOrCreateContext();
    Promise<IdempotencyStore> here = Promise.promise();
    shared.onComplete(
        done ->
            context.runOnContext(
                v -> here.handle(done.succeeded() ? done.map(o -> o.store) : done.mapEmpty())));
    return here.future();
  }

  private synchronized Future<Opened> shared() {
    if (closed) {
      return Future.failedFuture(Refusals.unavailable("The gateway is stopping."));
    }
    if (opened == null || opened.failed()) {
      Promise<Opened> opening = Promise.promise();
      own.runOnContext(v -> open().onComplete(opening));
      opened = opening.future();
    }
    return opened;
  }

  private Future<Opened> open() {
    Clock clock = Clock.systemUTC();
    return Database.open(vertx, databases, DATABASE, IdempotencyStore.TABLES)
        .compose(
            database ->
                IdempotencyStore.open(
                        database,
                        config,
                        clock,
                        new Uuid7(clock)::next,
                        Presence.UNKNOWN,
                        IdempotencyStore.Abandoned.LEAVE)
                    .onFailure(failure -> database.close())
                    .map(store -> new Opened(database, store, tend(store))));
  }

  private Periodic tend(IdempotencyStore store) {
    return Periodic.start(
        vertx, "the keys of the gateway", () -> config.get().lease().dividedBy(4), store::tend);
  }

  /** Closes what was opened; nothing is opened any more. */
  public Future<Void> close() {
    Future<Opened> last;
    synchronized (this) {
      closed = true;
      last = opened;
    }
    return last == null
        ? Future.succeededFuture()
        : last.compose(
            o -> o.tending.stop().eventually(o.database::close),
            failure -> Future.succeededFuture());
  }
}
