package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that read an SQLite file beside its writer, each with a connection whose statements
 * stay prepared: to prepare one takes longer than to run it. Threads and connections come as they
 * are needed; a thread that has had nothing to do for a while ends. Safe on any thread.
 */
final class SqliteReaders {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);
  private static final int THREADS = 4;
  private static final int MAX_WAITING = 5_000;
  private static final int IDLE_SECONDS = 60;
  private static final int CLOSE_SECONDS = 10;

  private final Vertx vertx;
  private final String url;
  private final DatabaseLoad load;
  private final SqliteFailures failures;
  private final ThreadPoolExecutor threads;
  // The one that was used last comes first: it has in memory what is asked for.
  private final Deque<SqliteConnection> free = new ConcurrentLinkedDeque<>();

  private SqliteReaders(Vertx vertx, String url, String name, Availability availability) {
    this.vertx = vertx;
    this.url = url;
    this.load = DatabaseLoad.of(vertx, name, THREADS);
    this.failures = new SqliteFailures(availability);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            work -> {
              Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Readers of a file, which is not opened before somebody reads. */
  static SqliteReaders of(Vertx vertx, String url, String name, Availability availability) {
    return new SqliteReaders(vertx, url, name, availability);
  }

  /** The statement is run on one of the threads; the future completes on the caller's context. */
  Future<Rows> read(String statement, Object... parameters) {
    SqliteRead read =
        new SqliteRead(
            statement, StoredValues.of(parameters), vertx.getOrCreateContext(), load, failures);
    if (read.isLate()) {
      return Future.failedFuture(WorkDeadline.refusal());
    }
    read.queued();
    try {
      threads.execute(() -> perform(read));
      return read.future();
    } catch (RejectedExecutionException full) {
      read.refused();
      return Future.failedFuture(Refusals.overloaded());
    }
  }

  // A thread outlives whatever goes wrong, and nobody waits for ever.
  private void perform(SqliteRead read) {
    read.taken();
    SqliteConnection connection = null;
    try {
      if (read.isWorthwhile()) {
        connection = free.poll();
        connection = connection == null ? SqliteConnection.open(url) : connection;
        Rows rows = read.run(connection);
        free.push(connection);
        read.done(rows);
      }
    } catch (Throwable lost) {
      drop(connection);
      read.failed(lost);
    }
  }

  // Whatever state an error has left it in.
  private static void drop(SqliteConnection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.warn("a connection did not close", e);
    }
  }

  /** Does what is waiting, and nothing more. */
  Future<Void> close() {
    threads.shutdown();
    return vertx.executeBlocking(
        () -> {
          threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
          free.forEach(SqliteReaders::drop);
          free.clear();
          load.close();
          return null;
        },
        false);
  }
}
