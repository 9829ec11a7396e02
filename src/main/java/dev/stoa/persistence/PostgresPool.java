package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one service to a server.
 *
 * @param size how many at most
 * @param connectTimeout how long one may take to open, and a caller may wait for a free one twice
 *     that long
 * @param idleTimeout when one that nobody uses is closed; zero: never
 * @param statements how many prepared statements each of them keeps
 */
record PostgresPool(int size, Duration connectTimeout, Duration idleTimeout, int statements) {
  static final PostgresPool DEFAULT =
      new PostgresPool(10, Duration.ofSeconds(5), Duration.ofMinutes(10), 256);
  private static final int MOST = 500;
  private static final int MOST_STATEMENTS = 10_000;
  private static final int MAX_WAITING = 5_000;

  static PostgresPool from(ConfigReader database) {
    Duration connect = database.duration("connect_timeout", DEFAULT.connectTimeout);
    if (connect.toMillis() < 100 || connect.toSeconds() > 60) {
      database.error("connect_timeout", "from 100ms to 60s");
    }
    Duration idle = database.duration("idle_timeout", DEFAULT.idleTimeout);
    if (idle.toDays() > 1) {
      database.error("idle_timeout", "1d at most; 0 for never");
    }
    return new PostgresPool(
        database.integer("pool_size", DEFAULT.size, 1, MOST),
        connect,
        idle,
        database.integer("statement_cache", DEFAULT.statements, 0, MOST_STATEMENTS));
  }

  PoolOptions options(String name) {
    return new PoolOptions()
        .setName(name)
        .setMaxSize(size)
        .setMaxWaitQueueSize(MAX_WAITING)
        .setIdleTimeout((int) idleTimeout.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setConnectionTimeout((int) connectTimeout.multipliedBy(2).toMillis())
        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  void applyTo(PgConnectOptions connect) {
    connect.setCachePreparedStatements(statements > 0);
    connect.setPreparedStatementCacheMaxSize(Math.max(statements, 1));
  }
}
