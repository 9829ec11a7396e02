package dev.stoa.persistence;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;

/**
 * Measures a writing thread as Vert.x measures its own pools: how much waits, how long, how much
 * each commit takes along ("in use"), how long that takes. Nothing where nobody measures.
 */
final class WriterLoad {
  private final PoolMetrics<Object, Object> pool;

  private WriterLoad(PoolMetrics<Object, Object> pool) {
    this.pool = pool;
  }

  /**
   * The load of one thread.
   *
   * @param most how much one commit can take along
   */
  @SuppressWarnings("unchecked")
  static WriterLoad of(Vertx vertx, String name, int most) {
    VertxMetrics metrics = ((VertxInternal) vertx).metrics();
    return new WriterLoad(
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
