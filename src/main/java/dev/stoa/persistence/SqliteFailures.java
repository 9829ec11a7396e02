package dev.stoa.persistence;

import dev.stoa.problem.ProblemException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the engine's failures mean to the callers of a {@link Database}. */
final class SqliteFailures {
  private final Availability availability;

  SqliteFailures(Availability availability) {
    this.availability = availability;
  }

  Throwable meaning(Throwable failure) {
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

  private ProblemException away(SQLiteException cause) {
    availability.lost(cause);
    return Refusals.away();
  }
}
