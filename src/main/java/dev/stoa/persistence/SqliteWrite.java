package dev.stoa.persistence;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction that waits for its turn among others of the same commit. Made by its caller; then
 * of the writing thread; its future completes on the caller's context.
 */
final class SqliteWrite<T> {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteWrite.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private final Function<Sql, Future<T>> work;
  private final Context caller;
  private final Promise<T> promise = Promise.promise();
  private final long askedNanos = System.nanoTime();
  private final WorkDeadline deadline;
  private final DatabaseLoad load;
  private final SqliteFailures failures;
  private Object measured;
  private Future<T> outcome;

  SqliteWrite(
      Function<Sql, Future<T>> work, Context caller, DatabaseLoad load, SqliteFailures failures) {
    this.failures = failures;
    this.work = work;
    this.caller = caller;
    this.deadline = WorkDeadline.of(caller);
    this.load = load;
  }

  Future<T> future() {
    return promise.future();
  }

  /** It waits in the queue. */
  void queued() {
    measured = load.waits();
  }

  /** Its group's commit is under way. */
  void taken() {
    measured = load.works(measured);
  }

  /**
   * Does the work, or nothing if it fails. Throws where the connection is of no use any more, and
   * with it everything that is not committed.
   */
  void perform(SqliteConnection connection) throws SQLException {
    if (System.nanoTime() - askedNanos > MAX_WAIT.toNanos()) {
      outcome = Future.failedFuture(Refusals.overloaded());
      return;
    }
    if (WorkDeadline.passed(deadline)) {
      outcome = Future.failedFuture(WorkDeadline.refusal());
      return;
    }
    connection.execute("SAVEPOINT work");
    outcome = attempt(connection);
    if (outcome.failed()) {
      connection.execute("ROLLBACK TO work");
    }
    connection.execute("RELEASE work");
  }

  // Every statement is answered at once, so that the whole work is done when this returns.
  private Future<T> attempt(SqliteConnection connection) {
    Statements statements = new Statements(connection, failures);
    try {
      Future<T> done = work.apply(statements);
      if (!done.isComplete()) {
        return Future.failedFuture(
            new IllegalStateException("a transaction waits for nothing but its statements"));
      }
      return done.succeeded() && statements.failure != null
          ? Future.failedFuture(statements.failure)
          : done;
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    } finally {
      statements.ended = true;
    }
  }

  /** Whether it could do what it was for, as far as it goes before the commit. */
  boolean succeeded() {
    return outcome != null && outcome.succeeded();
  }

  /** It is on disk, and so is what it may have seen of others. */
  void committed() {
    tell(outcome);
  }

  /** Nothing of it is known to be on disk. */
  void lost() {
    tell(Future.failedFuture(Refusals.away()));
  }

  private void tell(Future<T> result) {
    load.done(measured);
    try {
      caller.runOnContext(
          now -> {
            if (result.succeeded()) {
              WorkDeadline.committed(caller);
            }
            result.onComplete(promise);
          });
    } catch (RejectedExecutionException gone) {
      LOG.debug("the caller has ended before its transaction", gone);
    }
  }

  /**
   * What the work sees of the connection, for as long as it runs. The first statement that fails is
   * the failure of the whole, as it is on PostgreSQL.
   */
  private static final class Statements implements Sql {
    private final SqliteConnection connection;
    private final SqliteFailures failures;
    private volatile boolean ended;
    private Throwable failure;

    Statements(SqliteConnection connection, SqliteFailures failures) {
      this.connection = connection;
      this.failures = failures;
    }

    @Override
    public Future<Rows> run(String statement, Object... parameters) {
      if (ended) {
        return Future.failedFuture(new IllegalStateException("the transaction has ended"));
      }
      try {
        return Future.succeededFuture(connection.execute(statement, parameters));
      } catch (SQLException e) {
        Throwable meaning = failures.meaning(e);
        failure = failure == null ? meaning : failure;
        return Future.failedFuture(meaning);
      }
    }
  }
}
