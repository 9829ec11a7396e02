package dev.stoa.persistence;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;

/**
 * Measures the threads of a database as Vert.x measures its own pools: how much waits, how long,
 * how much is being done ("in use", for a writer what a commit takes along), how long that takes.
 * Nothing where nobody measures.
 */
final class DatabaseLoad {
  private final PoolMetrics<Object, Object> pool;

  private DatabaseLoad(PoolMetrics<Object, Object> pool) {
    this.pool = pool;
  }

  /**
   * The load of some threads.
   *
   * @param most how much they can do at once
   */
  @SuppressWarnings("unchecked")
  static DatabaseLoad of(Vertx vertx, String name, int most) {
    VertxMetrics metrics = ((VertxInternal) vertx).metrics();
    return new DatabaseLoad(
        metrics == null
            ? null
            : (PoolMetrics<Object, Object>) metrics.createPoolMetrics("sql", name, most));
  }

  /** Something waits from now on. */
  Object waits() {
    return pool == null ? null : pool.enqueue();
  }

  /** What has waited is being done from now on. */
  Object works(Object waited) {
    if (pool == null) {
      return null;
    }
    pool.dequeue(waited);
    return pool.begin();
  }

  void done(Object worked) {
    if (pool != null) {
      pool.end(worked);
    }
  }

  void close() {
    if (pool != null) {
      pool.close();
    }
  }
}
