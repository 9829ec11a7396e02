package dev.stoa.idempotency;

import dev.stoa.config.Live;
import dev.stoa.persistence.Database;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The keys of one database and the answers given to them. A claim is durable before its work
 * begins, and an answer before it is given. Whoever works holds the claim by a lease, renewed by
 * {@link #tend}; the claim of a process that died is free again when the process is known to be
 * gone, or when its lease has run out.
 *
 * <p>Safe on any thread. All instances of a service may share the database.
 */
public final class IdempotencyStore {
  /** The folder of the migrations that a database needs for it. */
  public static final String TABLES = "idempotency";

  private static final int MAX_TRIES = 3;
  private static final int BATCH = 200;
  private static final int MAX_BATCHES = 50;
  private static final Duration COUNT_EVERY = Duration.ofMinutes(1);

  /** What may be done with work whose holder is gone, so that nobody knows how far it came. */
  public enum Abandoned {
    /** It is done again, under the same work id by which it finds what was done. */
    RUN_AGAIN,
    /** It never is: nothing tells the second time from the first. */
    LEAVE
  }

  private final IdempotencyRows rows;
  private final KeyHashes hashes;
  private final Live<IdempotencyConfig> config;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final Presence presence;
  private final Abandoned abandoned;
  private final HeldClaims held;
  private final AtomicLong keys = new AtomicLong();
  private volatile Instant counted = Instant.MIN;

  private IdempotencyStore(
      IdempotencyRows rows,
      KeyHashes hashes,
      Live<IdempotencyConfig> config,
      InstantSource clock,
      Supplier<String> ids,
      Presence presence,
      Abandoned abandoned) {
    this.rows = rows;
    this.hashes = hashes;
    this.config = config;
    this.clock = clock;
    this.ids = ids;
    this.presence = presence;
    this.abandoned = abandoned;
    this.held = new HeldClaims(rows, config, clock);
  }

  /**
   * The store of a database that has the {@link #TABLES}.
   *
   * @param ids makes the ids of claims and work
   * @param presence whose claims need not be waited for
   */
  public static Future<IdempotencyStore> open(
      Database database,
      Live<IdempotencyConfig> config,
      InstantSource clock,
      Supplier<String> ids,
      Presence presence,
      Abandoned abandoned) {
    IdempotencyRows rows = new IdempotencyRows(database);
    return rows.secret()
        .map(
            secret ->
                new IdempotencyStore(
                    rows, new KeyHashes(secret), config, clock, ids, presence, abandoned))
        .compose(store -> store.count().map(store));
  }

  /**
   * Claims a key for a request, or finds the answer given to it. Fails with REQUEST_IN_FLIGHT,
   * IDEMPOTENCY_KEY_REUSED (the key came with another request before), OUTCOME_UNKNOWN, or
   * OVERLOADED where there are too many keys.
   *
   * @param caller whose key it is; the same text of somebody else is another key
   * @param request all that it asks for, in a form that is the same for each copy
   */
  public Future<Admission> claim(String caller, IdempotencyKey key, byte[] request) {
    String keyHash = hashes.ofKey(caller, key);
    String fingerprint = hashes.ofRequest(caller, key, request);
    return keys.get() < config.get().maxKeys()
        ? claim(keyHash, fingerprint, MAX_TRIES)
        : rows.find(keyHash)
            .compose(
                found -> {
                  if (found.isEmpty()) {
                    throw full();
                  }
                  return meet(found, keyHash, fingerprint);
                });
  }

  private static ProblemException full() {
    return new ProblemException(ProblemType.OVERLOADED, "No more idempotency keys can be kept now.")
        .withHeader("Retry-After", "60");
  }

  private Future<Admission> claim(String keyHash, String fingerprint, int tries) {
    Claim claim = new Claim(keyHash, newId(), ids.get(), false);
    Instant now = clock.instant();
    return rows.insert(claim, fingerprint, now, held.lease(), now.plus(config.get().retention()))
        .compose(
            inserted -> {
              if (inserted) {
                keys.incrementAndGet();
                return Future.succeededFuture(held.hold(claim));
              }
              return rows.find(keyHash)
                  .compose(
                      found ->
                          found.isEmpty() && tries > 1
                              ? claim(keyHash, fingerprint, tries - 1) // freed meanwhile
                              : meet(found, keyHash, fingerprint));
            });
  }

  private Future<Admission> meet(
      Optional<IdempotencyRows.Found> there, String keyHash, String fingerprint) {
    if (there.isEmpty()) {
      throw inFlight();
    }
    IdempotencyRows.Found found = there.get();
    if (!found.fingerprint().equals(fingerprint)) {
      throw new ProblemException(
          ProblemType.IDEMPOTENCY_KEY_REUSED,
          "This Idempotency-Key came with another request; a new request needs a new key.");
    }
    if (found.reply().isPresent()) {
      return Future.succeededFuture(found.reply().get());
    }
    return isAbandoned(found)
        .compose(
            free -> {
              if (!free) {
                throw inFlight();
              }
              if (abandoned == Abandoned.LEAVE) {
                throw unknown();
              }
              return takeOver(new Claim(keyHash, newId(), found.workId(), true), found);
            });
  }

  private Future<Boolean> isAbandoned(IdempotencyRows.Found found) {
    return found.leaseUntil().isAfter(clock.instant())
        ? presence.hasLeft(found.claimId())
        : Future.succeededFuture(true);
  }

  private Future<Admission> takeOver(Claim claim, IdempotencyRows.Found found) {
    return rows.takeOver(claim, found, held.lease())
        .map(
            taken -> {
              if (!taken) {
                throw inFlight();
              }
              return held.hold(claim);
            });
  }

  private static ProblemException inFlight() {
    return new ProblemException(
            ProblemType.REQUEST_IN_FLIGHT, "The same request is being worked on.")
        .withHeader("Retry-After", "1");
  }

  private static ProblemException unknown() {
    return new ProblemException(
        ProblemType.OUTCOME_UNKNOWN,
        "The same request was broken off before its outcome was known; it is not sent again. Look"
            + " what became of it before you use a new key.");
  }

  private String newId() {
    return presence.sign(ids.get());
  }

  /** The same claim for new work: what was done under the old work id is undone. */
  public Future<Claim> startOver(Claim claim) {
    Claim anew = new Claim(claim.keyHash(), newId(), ids.get(), false);
    return leave(claim)
        .compose(left -> rows.replace(claim, anew, held.lease()))
        .map(
            replaced -> {
              if (!replaced) {
                throw inFlight();
              }
              return held.hold(anew);
            });
  }

  /**
   * The work has this answer. Answers the one to give: another one, where the claim was lost and
   * somebody else has come to an end meanwhile.
   */
  public Future<KeptReply> keep(Claim claim, KeptReply reply) {
    Instant until = clock.instant().plus(config.get().retention());
    return rows.keep(claim, reply, until)
        .eventually(() -> leave(claim))
        .compose(
            kept ->
                kept ? Future.succeededFuture(reply) : rows.find(claim.keyHash()).map(this::of));
  }

  private KeptReply of(Optional<IdempotencyRows.Found> found) {
    return found.flatMap(IdempotencyRows.Found::reply).orElseThrow(IdempotencyStore::inFlight);
  }

  /** Nothing was done: the key is as good as new. */
  public Future<Void> free(Claim claim) {
    return leave(claim)
        .compose(left -> rows.delete(claim))
        .onSuccess(deleted -> keys.addAndGet(deleted ? -1 : 0))
        .mapEmpty();
  }

  /** The work ended halfway and whoever comes next may take it over at once. */
  public Future<Void> release(Claim claim) {
    return leave(claim).compose(left -> rows.renew(List.of(claim.id()), clock.instant()));
  }

  /** The work may still be going on somewhere: the claim stands until its lease has run out. */
  public Future<Void> leave(Claim claim) {
    held.leave(claim);
    return Future.succeededFuture();
  }

  /**
   * Renews what is held and forgets what is old. To be called again and again, at least three times
   * within a lease.
   */
  public Future<Void> tend() {
    Instant now = clock.instant();
    return held.renew()
        .compose(renewed -> forget(now, MAX_BATCHES))
        .compose(
            forgotten ->
                counted.plus(COUNT_EVERY).isAfter(now) ? Future.succeededFuture() : count());
  }

  private Future<Void> forget(Instant now, int batches) {
    return rows.forget(now, BATCH)
        .compose(
            forgotten -> {
              keys.addAndGet(-forgotten);
              return forgotten < BATCH || batches <= 1
                  ? Future.succeededFuture()
                  : forget(now, batches - 1);
            });
  }

  private Future<Void> count() {
    counted = clock.instant();
    return rows.count().onSuccess(keys::set).mapEmpty();
  }
}
