package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * One service's database. Work runs off the event loop; futures complete on the caller's context.
 * What a completed {@link #run} or {@link #transaction} wrote is durable. Waiting work is bounded:
 * beyond it, callers fail at once. The holder keeps a reference for as long as it is used and
 * closes it at the end.
 *
 * <p>Work for a request whose {@link WorkDeadline} has passed is refused with DEADLINE_EXCEEDED,
 * also if it passes while the work waits for its turn.
 */
public interface Database extends Sql {

  /**
   * Opens the database of a service and migrates it to {@code db/<service>/V*.sql} of the class
   * path.
   *
   * @param shared further folders of {@code db/} with tables that services have in common; their
   *     migrations are repeatable ({@code R__*.sql}), so that they need no number among the
   *     service's
   */
  static Future<Database> open(
      Vertx vertx, DatabaseConfig config, String service, String... shared) {
    return config
        .of(service)
        .map(server -> PostgresDatabase.open(vertx, server, service, shared))
        .orElseGet(() -> SqliteDatabase.open(vertx, config, service, shared));
  }

  /** Runs a statement that only reads; may be served beside a running write. */
  Future<Rows> read(String statement, Object... parameters);

  /**
   * Runs {@code work} in one serializable transaction: all of it when the future it answers
   * succeeds, none of it when that fails. {@code work} must not wait for anything but the
   * statements of the {@link Sql} it is given (that fails), must not block, and must not touch what
   * belongs to the caller's context: it may run on a thread of the database, and more than once.
   *
   * <p>On a server that is shared it is refused, and done again, where others are at rows nearby:
   * for what is done rarely, or cannot be written as {@link #guarded} work.
   */
  <T> Future<T> transaction(Function<Sql, Future<T>> work);

  /**
   * The same, all or nothing, but beside others: each statement sees what is committed when it
   * begins. Who writes to a row that somebody else has written to waits for the end of that, and
   * then looks at the row as it is: at the condition of an update, at the conflict of an insert. So
   * it is right for work whose every write carries its own condition, whose first statement is a
   * write to the one row that decides (and keeps others away from it until the end), or that only
   * inserts; and wrong for work that relies on what it has merely read.
   *
   * <p>Rows that several kinds of work write to are written to in one order by all of them.
   */
  <T> Future<T> guarded(Function<Sql, Future<T>> work);

  /** Whether other processes may be at the same database; nobody else is at an embedded one. */
  boolean isShared();

  /** Succeeds where the database answers. */
  Future<Void> ping();

  Future<Void> close();
}
