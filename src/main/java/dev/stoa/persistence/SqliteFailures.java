package dev.stoa.persistence;

import dev.stoa.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the engine's failures mean to the callers of a {@link Database}. */
final class SqliteFailures {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteFailures.class);

  private SqliteFailures() {}

  static <T> Future<T> translate(Throwable failure) {
    return Future.failedFuture(meaning(failure));
  }

  static Throwable meaning(Throwable failure) {
    if (failure instanceof ConnectionPoolTooBusyException) {
      return Refusals.overloaded();
    }
    if (failure instanceof SQLiteException e) {
      SQLiteErrorCode code = e.getResultCode();
      return switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY ->
            new UniqueViolation(e.getMessage());
        case SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED, SQLITE_FULL, SQLITE_CANTOPEN ->
            away(e);
        default -> code.name().startsWith("SQLITE_IOERR") ? away(e) : e;
      };
    }
    return failure;
  }

  private static ProblemException away(SQLiteException cause) {
    LOG.error("database unavailable: {}", cause.toString());
    return Refusals.away();
  }
}
