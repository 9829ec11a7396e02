package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to an SQLite file. A commit costs the same for one transaction as for
 * many: what has come in while the last one was under way goes into the next one together, each in
 * a savepoint of its own so that it fails alone, one after the other so that they are serial.
 * Nobody hears of a result before the commit, and all fail if that does.
 *
 * <p>Group commit as in D. J. DeWitt et al., "Implementation techniques for main memory database
 * systems" (SIGMOD 1984).
 */
final class SqliteWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
  private static final int MAX_WAITING = 5_000;
  private static final int MAX_GROUP = 128;

  private final Vertx vertx;
  private final String url;
  private final BlockingQueue<SqliteWrite<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING + 1);
  private final DatabaseLoad load;
  private final Availability availability;
  private final SqliteFailures failures;
  private final Promise<Void> closed = Promise.promise();
  private volatile boolean closing;
  private SqliteConnection connection;

  private SqliteWriter(Vertx vertx, String url, DatabaseLoad load, Availability availability) {
    this.availability = availability;
    this.failures = new SqliteFailures(availability);
    this.vertx = vertx;
    this.url = url;
    this.load = load;
  }

  /** Starts the thread, which ends when the writer is closed. */
  static SqliteWriter start(Vertx vertx, String url, String name, Availability availability) {
    DatabaseLoad load = DatabaseLoad.of(vertx, name, MAX_GROUP);
    SqliteWriter writer = new SqliteWriter(vertx, url, load, availability);
    Thread thread = new Thread(writer::write, name);
    thread.setDaemon(true);
    thread.start();
    return writer;
  }

  /** The work is done on the writing thread; its future completes on the caller's context. */
  <T> Future<T> submit(Function<Sql, Future<T>> work) {
    SqliteWrite<T> write = write(work);
    return accept(write) ? write.future() : Future.failedFuture(Refusals.overloaded());
  }

  private <T> SqliteWrite<T> write(Function<Sql, Future<T>> work) {
    return new SqliteWrite<>(work, vertx.getOrCreateContext(), load, failures);
  }

  // The last place is kept for the end.
  private synchronized boolean accept(SqliteWrite<?> write) {
    if (closing || waiting.remainingCapacity() == 1) {
      return false;
    }
    write.queued();
    return waiting.add(write);
  }

  /** Does what is waiting, and nothing more. */
  synchronized Future<Void> close() {
    if (!closing) {
      closing = true;
      SqliteWrite<?> last = write(sql -> Future.succeededFuture());
      last.queued();
      waiting.add(last);
    }
    return closed.future();
  }

  private void write() {
    while (!closing || !waiting.isEmpty()) {
      try {
        commitTogether(waiting.take());
      } catch (InterruptedException e) {
        LOG.warn("the writing thread is not ended by interrupts", e);
      }
    }
    dropConnection();
    load.close();
    closed.complete();
  }

  private void commitTogether(SqliteWrite<?> first) {
    List<SqliteWrite<?>> group = new ArrayList<>();
    boolean committed = commit(first, group);
    group.forEach(committed ? SqliteWrite::committed : SqliteWrite::lost);
  }

  // The thread outlives whatever goes wrong: everybody who writes depends on it.
  private boolean commit(SqliteWrite<?> first, List<SqliteWrite<?>> group) {
    try {
      join(group, first);
      if (connection == null) {
        connection = SqliteConnection.open(url);
      }
      connection.execute("BEGIN IMMEDIATE");
      first.perform(connection);
      while (group.size() < MAX_GROUP && !waiting.isEmpty()) {
        join(group, waiting.remove()).perform(connection);
      }
      connection.execute("COMMIT");
      if (group.stream().allMatch(SqliteWrite::succeeded)) {
        availability.answered();
      }
      return true;
    } catch (Throwable lost) {
      LOG.error("{} transactions were not committed", group.size(), lost);
      dropConnection();
      return false;
    }
  }

  private static SqliteWrite<?> join(List<SqliteWrite<?>> group, SqliteWrite<?> write) {
    write.taken();
    group.add(write);
    return write;
  }

  // With it goes what was not committed, and whatever state an error has left it in.
  private void dropConnection() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.warn("a connection did not close", e);
    }
    connection = null;
  }
}
