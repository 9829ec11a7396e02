package dev.stoa.persistence;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One statement that waits to be read by. Made by its caller; then of the reading thread; its
 * future completes on the caller's context.
 */
final class SqliteRead {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteRead.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private final String statement;
  private final Object[] parameters;
  private final Context caller;
  private final Promise<Rows> promise = Promise.promise();
  private final long askedNanos = System.nanoTime();
  private final WorkDeadline deadline;
  private final DatabaseLoad load;
  private final SqliteFailures failures;
  private Object measured;

  SqliteRead(
      String statement,
      Object[] parameters,
      Context caller,
      DatabaseLoad load,
      SqliteFailures failures) {
    this.statement = statement;
    this.parameters = parameters;
    this.caller = caller;
    this.deadline = WorkDeadline.of(caller);
    this.load = load;
    this.failures = failures;
  }

  Future<Rows> future() {
    return promise.future();
  }

  /** Whether nobody waits for it any more. */
  boolean isLate() {
    return WorkDeadline.passed(deadline);
  }

  /** It waits for a thread. */
  void queued() {
    measured = load.waits();
  }

  /** There is no room for it. */
  void refused() {
    load.done(load.works(measured));
  }

  /** A thread is at it. */
  void taken() {
    measured = load.works(measured);
  }

  /** Whether it is still to be done; where it is not, its caller has been told. */
  boolean isWorthwhile() {
    boolean waited = System.nanoTime() - askedNanos > MAX_WAIT.toNanos();
    if (waited || isLate()) {
      tell(Future.failedFuture(waited ? Refusals.overloaded() : WorkDeadline.refusal()));
      return false;
    }
    return true;
  }

  Rows run(SqliteConnection connection) throws SQLException {
    return connection.execute(statement, parameters);
  }

  void done(Rows rows) {
    tell(Future.succeededFuture(rows));
  }

  /** It could not be read. */
  void failed(Throwable cause) {
    tell(Future.failedFuture(failures.meaning(cause)));
  }

  private void tell(Future<Rows> result) {
    load.done(measured);
    try {
      caller.runOnContext(now -> result.onComplete(promise));
    } catch (RejectedExecutionException gone) {
      LOG.debug("the caller has ended before its answer", gone);
    }
  }
}
