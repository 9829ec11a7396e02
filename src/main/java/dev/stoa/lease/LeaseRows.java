package dev.stoa.lease;

import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The table of {@link Leases}. Each statement reads the database's clock, and nobody else's. */
final class LeaseRows {
  private static final Duration FORGET_AFTER = Duration.ofDays(1);

  private final Sql sql;

  /** In a database, or in a transaction there. */
  LeaseRows(Sql sql) {
    this.sql = sql;
  }

  /** All of them run out now: their holders are known to be gone. */
  Future<Void> expireAll() {
    return sql.run("UPDATE leases SET expires_at = 0").mapEmpty();
  }

  /** Holds on to all that this holder has still; answers their epochs by name. */
  Future<Map<String, Long>> renew(String holder, Duration length) {
    return sql.run(
            """
            UPDATE leases SET expires_at = $now + $1 WHERE holder = $2
            RETURNING name, epoch""",
            length.toMillis(),
            holder)
        .map(
            rows -> {
              Map<String, Long> epochs = new HashMap<>();
              rows.rows().forEach(row -> epochs.put(row.text("name"), row.number("epoch")));
              return epochs;
            });
  }

  /** For how long nobody else can have it; zero or less where it is there for the taking. */
  Future<Duration> left(String name) {
    return sql.run("SELECT expires_at - $now AS millis FROM leases WHERE name = $1", name)
        .map(rows -> rows.first(row -> Duration.ofMillis(row.number("millis"))))
        .map(left -> left.orElse(Duration.ZERO));
  }

  /** Whether it has run out, or never was there. */
  Future<Boolean> isOver(String name) {
    return sql.run("SELECT 1 AS one FROM leases WHERE name = $1 AND expires_at > $now", name)
        .map(Rows::isEmpty);
  }

  /** Takes what nobody has or what has run out; empty where somebody else was faster. */
  Future<Optional<Long>> take(String name, String holder, Duration length) {
    return sql.run(
            """
            INSERT INTO leases (name, holder, epoch, expires_at) VALUES ($1, $2, 1, $now + $3)
            ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder, epoch = leases.epoch + 1,
                expires_at = excluded.expires_at
            WHERE leases.expires_at <= $now
            RETURNING epoch""",
            name,
            holder,
            length.toMillis())
        .map(rows -> rows.first(row -> row.number("epoch")));
  }

  /** Leaves everything to others at once. */
  Future<Void> release(String holder) {
    return sql.run("UPDATE leases SET expires_at = 0 WHERE holder = $1", holder).mapEmpty();
  }

  /** Of processes that are long gone nothing is kept. */
  Future<Void> forget(String prefix) {
    return sql.run(
            "DELETE FROM leases WHERE name LIKE $1 AND expires_at < $now - $2",
            prefix + "%",
            FORGET_AFTER.toMillis())
        .mapEmpty();
  }
}
