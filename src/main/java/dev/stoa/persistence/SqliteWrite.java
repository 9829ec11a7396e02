package dev.stoa.persistence;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;

/**
 * One transaction that waits for its turn among others of the same commit. Made by its caller; then
 * of the writing thread; its future completes on the caller's context.
 */
final class SqliteWrite<T> {
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private final Function<Sql, Future<T>> work;
  private final Context caller;
  private final Promise<T> promise = Promise.promise();
  private final long askedNanos = System.nanoTime();
  private Future<T> outcome;

  SqliteWrite(Function<Sql, Future<T>> work, Context caller) {
    this.work = work;
    this.caller = caller;
  }

  Future<T> future() {
    return promise.future();
  }

  /**
   * Does the work, or nothing if it fails. Throws where the connection is of no use any more, and
   * with it everything that is not committed.
   */
  void perform(SqliteConnection connection) throws SQLException {
    if (System.nanoTime() - askedNanos > MAX_WAIT.toNanos()) {
      outcome = Future.failedFuture(overloaded());
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
    Statements statements = new Statements(connection);
    try {
      Future<T> done = work.apply(statements);
      return done.isComplete()
          ? done
          : Future.failedFuture(
              new IllegalStateException("a transaction waits for nothing but its statements"));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    } finally {
      statements.ended = true;
    }
  }

  /** It is on disk, and so is what it may have seen of others. */
  void committed() {
    caller.runOnContext(now -> outcome.onComplete(promise));
  }

  /** It has done nothing; the caller may try again. */
  void lost(Throwable reason) {
    caller.runOnContext(now -> promise.fail(reason));
  }

  static ProblemException overloaded() {
    return new ProblemException(ProblemType.OVERLOADED, "The database has too much work waiting.")
        .withHeader("Retry-After", "1");
  }

  /** What the work sees of the connection, for as long as it runs. */
  private static final class Statements implements Sql {
    private final SqliteConnection connection;
    private volatile boolean ended;

    Statements(SqliteConnection connection) {
      this.connection = connection;
    }

    @Override
    public Future<Rows> run(String statement, Object... parameters) {
      if (ended) {
        return Future.failedFuture(new IllegalStateException("the transaction has ended"));
      }
      try {
        return Future.succeededFuture(connection.execute(statement, parameters));
      } catch (SQLException e) {
        return Future.failedFuture(SqliteFailures.meaning(e));
      }
    }
  }
}
