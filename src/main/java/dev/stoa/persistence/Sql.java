package dev.stoa.persistence;

import io.vertx.core.Future;

/**
 * Runs statements, alone or inside a transaction, where they are done one after the other in the
 * order in which they are asked for: those that need no answer of each other may be asked for at
 * once, which saves their ways to the server. Statements are written once for SQLite and
 * PostgreSQL, with {@code $1, $2, …} for parameters. Parameters are String, Long, Integer, Boolean
 * (stored as 0 or 1), Instant (stored as epoch milliseconds), or null. {@code $now} is the
 * database's own clock, in epoch milliseconds.
 */
public interface Sql {

  /**
   * Runs one statement. Fails with {@link UniqueViolation} where a unique key stands against it,
   * and with a {@code ProblemException} of type OVERLOADED or SERVICE_UNAVAILABLE where the
   * database is too busy or away.
   */
  Future<Rows> run(String statement, Object... parameters);
}
