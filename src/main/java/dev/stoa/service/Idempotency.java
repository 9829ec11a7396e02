package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.idempotency.Claim;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.idempotency.KeptReply;
import dev.stoa.idempotency.Presence;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work of a key once, however often it is asked for, and gives its reply again. A reply of
 * any status is kept; a refusal (4xx) has done nothing and frees the key; after any other failure
 * the next attempt goes on with the same work: at once after a 503, else when nobody can be working
 * on it any more.
 */
final class Idempotency {
  private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);

  private final IdempotencyStore store;
  private final Uuid7 ids;
  private final Periodic tending;

  private Idempotency(IdempotencyStore store, Uuid7 ids, Periodic tending) {
    this.store = store;
    this.ids = ids;
    this.tending = tending;
  }

  /** Keeps the keys of a service. */
  static Future<Idempotency> open(
      Vertx vertx, ServiceStore kept, Live<IdempotencyConfig> config, InstantSource clock) {
    Uuid7 ids = new Uuid7(clock);
    Presence presence = new Presence(kept.leases().self(), kept.leases()::isGone);
    return IdempotencyStore.open(
            kept.database(),
            config,
            clock,
            ids::next,
            presence,
            IdempotencyStore.Abandoned.RUN_AGAIN)
        .map(
            store -> {
              Periodic tending =
                  Periodic.start(
                      vertx,
                      "idempotency keys",
                      () -> config.get().lease().dividedBy(4),
                      store::tend);
              return new Idempotency(store, ids, tending);
            });
  }

  /** Looks after the keys no more. */
  Future<Void> close() {
    return tending.stop();
  }

  /** Work that is done whenever it is asked for. */
  Work unkeyed() {
    return new Work(ids.next(), false);
  }

  /**
   * The reply to a call with a key.
   *
   * @param caller whose key it is
   * @param request all that is asked for
   */
  Future<Reply> once(
      String caller, IdempotencyKey key, String request, Function<Work, Future<Reply>> operation) {
    return store
        .claim(caller, key, request.getBytes(StandardCharsets.UTF_8))
        .compose(
            admission ->
                admission instanceof KeptReply kept
                    ? Future.succeededFuture(replay(kept))
                    : attempt((Claim) admission, operation));
  }

  private Future<Reply> attempt(Claim claim, Function<Work, Future<Reply>> operation) {
    return Future.<Void>succeededFuture()
        .compose(now -> operation.apply(new Work(claim.workId(), claim.again())))
        .compose(
            reply -> keep(claim, reply),
            failure ->
                failure instanceof WorkUndone && claim.again()
                    ? store.startOver(claim).compose(anew -> attempt(anew, operation))
                    : settle(claim, failure));
  }

  private Future<Reply> keep(Claim claim, Reply reply) {
    KeptReply mine = kept(reply);
    return store.keep(claim, mine).map(kept -> kept == mine ? reply : replay(kept));
  }

  private Future<Reply> settle(Claim claim, Throwable failure) {
    return letGo(claim, failure)
        .onFailure(e -> LOG.warn("a key stays claimed until its lease is over: {}", e.toString()))
        .transform(settled -> Future.failedFuture(failure));
  }

  private Future<Void> letGo(Claim claim, Throwable failure) {
    int status = failure instanceof ProblemException problem ? problem.type().status() : 500;
    if (status < 500) {
      return store.free(claim);
    }
    return status == ProblemType.SERVICE_UNAVAILABLE.status()
        ? store.release(claim)
        : store.leave(claim);
  }

  private static KeptReply kept(Reply reply) {
    JsonObject headers = new JsonObject();
    reply.headers().forEach(headers::put);
    String body = reply.body() == null ? null : reply.body().encode();
    return new KeptReply(reply.status(), headers.encode(), body);
  }

  // Strict, so that a price of 20.00 comes back as such.
  private static Reply replay(KeptReply kept) {
    Map<String, String> headers = new TreeMap<>(BusBinding.map(new JsonObject(kept.head())));
    headers.put(IdempotencyKey.REPLAYED, "true");
    JsonObject body =
        kept.body() == null
            ? null
            : StrictJson.object(kept.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return new Reply(kept.status(), body, headers);
  }
}
