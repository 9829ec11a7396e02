package dev.stoa.service;

import dev.stoa.observability.Metrics;
import dev.stoa.observability.Sample;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.Row;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Looks from time to time at what waits in the outbox of a service, for the metrics: how much (up
 * to a bound) and since when. Used on the event loop of the service.
 */
public final class OutboxGauges {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int MOST = 1_000;

  private final Database database;
  private final String service;
  private final Metrics metrics;
  private final InstantSource clock = InstantSource.system();
  private Periodic looks;

  private OutboxGauges(Database database, String service, Metrics metrics) {
    this.database = database;
    this.service = service;
    this.metrics = metrics;
  }

  /** Looks until it is stopped. */
  public static OutboxGauges start(
      Vertx vertx, Database database, String service, Metrics metrics) {
    OutboxGauges gauges = new OutboxGauges(database, service, metrics);
    gauges.looks =
        Periodic.start(vertx, "look at the outbox of " + service, () -> PAUSE, gauges::look);
    return gauges;
  }

  /** The last look is over then. */
  public Future<Void> stop() {
    return looks
        .stop()
        .onComplete(
            over -> {
              metrics.outboxEvents().forget(service);
              metrics.outboxAge().forget(service);
            });
  }

  private Future<Void> look() {
    return database
        .read(
            """
            SELECT COUNT(*) AS events, MIN(at) AS oldest
            FROM (SELECT at FROM outbox ORDER BY event_id LIMIT $1) AS waiting""",
            MOST)
        .onSuccess(found -> tell(found.rows().get(0)))
        .mapEmpty();
  }

  private void tell(Row row) {
    long events = row.number("events");
    Instant now = clock.instant();
    Duration age = events == 0 ? Duration.ZERO : Duration.between(row.instant("oldest"), now);
    metrics.outboxEvents().tell(service, List.of(Sample.of(events, service)));
    metrics
        .outboxAge()
        .tell(service, List.of(Sample.of(Math.max(0, age.toMillis()) / 1e3, service)));
  }
}
