package dev.stoa.service;

import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Events of a service, told on the event bus at least once and, those of one subject, in order.
 * They are written in the transaction of the change that they tell of, into the table {@code
 * outbox} of the service's database, and deleted when they have been told, by the one process that
 * holds the lease for it; so none is lost with the process, and one told just before it died is
 * told again by the next. Consumers tell copies by {@code event_id}, which also grows from event to
 * event of a subject.
 *
 * <p>A message is {@code {"event_id", "type", "subject", "at", "data"}}. Used on the event loop of
 * its service.
 */
public final class Outbox {
  private static final int BATCH = 100;
  private static final int MAX_BATCHES = 20;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Vertx vertx;
  private final Database database;
  private final String address;
  private final Leases leases;
  private final Uuid7 ids = new Uuid7(InstantSource.system());

  /**
   * Tells nothing before {@link #start}.
   *
   * @param address where it is told, {@code stoa.events.orders}
   * @param leases say whether it is told by this process
   */
  public Outbox(Vertx vertx, Database database, String address, Leases leases) {
    this.vertx = vertx;
    this.database = database;
    this.address = address;
    this.leases = leases;
  }

  /**
   * Writes an event inside the transaction of its change.
   *
   * @param type {@code order.paid}
   * @param subject the id of what it is about; those of one subject are told in order
   */
  public Future<Rows> add(
      Sql transaction, String type, String subject, Instant at, JsonObject data) {
    return transaction.run(
        "INSERT INTO outbox (event_id, type, subject, at, body) VALUES ($1, $2, $3, $4, $5)",
        ids.next(),
        type,
        subject,
        at,
        data.encode());
  }

  /** Tells what is there and what comes, until the answer is stopped. */
  public Periodic start() {
    return Periodic.start(
        vertx, "events to " + address, () -> PAUSE, leases.whileHeld(() -> publish(MAX_BATCHES)));
  }

  private Future<Void> publish(int batches) {
    return database
        .read(
            "SELECT * FROM outbox WHERE " + Leases.EPOCH_HOLDS + " ORDER BY event_id LIMIT $2",
            leases.epoch(),
            BATCH)
        .compose(
            found -> {
              // Whoever was stopped meanwhile tells nothing late: others may have told it already.
              if (found.isEmpty() || !leases.held()) {
                return Future.succeededFuture();
              }
              found.rows().forEach(row -> vertx.eventBus().publish(address, message(row)));
              return forget(found.map(row -> row.text("event_id")))
                  .compose(
                      done ->
                          found.rows().size() == BATCH && batches > 1
                              ? publish(batches - 1)
                              : Future.succeededFuture());
            });
  }

  private Future<Rows> forget(List<String> eventIds) {
    Parameters given = new Parameters();
    return database.run(
        "DELETE FROM outbox WHERE event_id IN " + given.addAll(eventIds), given.values());
  }

  private static JsonObject message(Row row) {
    return new JsonObject()
        .put("event_id", row.text("event_id"))
        .put("type", row.text("type"))
        .put("subject", row.text("subject"))
        .put("at", row.instant("at").toString())
        .put("data", new JsonObject(row.text("body")));
  }
}
