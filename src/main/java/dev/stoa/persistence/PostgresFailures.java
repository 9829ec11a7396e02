package dev.stoa.persistence;

import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What the server's failures mean to the callers of a {@link Database}, by their SQLSTATE
 * (PostgreSQL, appendix A).
 */
final class PostgresFailures {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String NOT_ACTIVE = "Connection is not active";
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /** Connections, resources, interventions (shutting down, cancelled), the system's own errors. */
  private static final Set<String> AWAY = Set.of("08", "53", "57", "58", "XX");

  private final Availability availability;

  PostgresFailures(Availability availability) {
    this.availability = availability;
  }

  /** Whether the same may well succeed when it is done again. */
  static boolean isConflict(Throwable failure) {
    return state(failure).filter(CONFLICTS::contains).isPresent();
  }

  /** Whether the connection was closed before it was used: nothing has been sent. */
  static boolean isUnsent(Throwable failure) {
    return failure instanceof VertxException
        && String.valueOf(failure.getMessage()).startsWith(NOT_ACTIVE);
  }

  /** There is no connection to be had. */
  Throwable unreachable(Throwable failure) {
    return failure instanceof ConnectionPoolTooBusyException
        ? Refusals.overloaded()
        : away(failure);
  }

  Throwable meaning(Throwable failure) {
    if (failure instanceof ClosedConnectionException
        || failure instanceof IOException
        || isUnsent(failure)) {
      return away(failure);
    }
    Optional<String> state = state(failure);
    if (state.isEmpty()) {
      return failure;
    }
    if (state.get().equals(UNIQUE_VIOLATION)) {
      return new UniqueViolation(failure.getMessage());
    }
    if (CONFLICTS.contains(state.get())) {
      return Refusals.contended();
    }
    return AWAY.contains(state.get().substring(0, 2)) ? away(failure) : failure;
  }

  private static Optional<String> state(Throwable failure) {
    return failure instanceof PgException refused
        ? Optional.ofNullable(refused.getSqlState())
        : Optional.empty();
  }

  private Throwable away(Throwable cause) {
    availability.lost(cause);
    return Refusals.away();
  }
}
