package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Durable writes per second through a {@link Database}, beside those of nothing but JDBC on one
 * thread on the same disk: {@code mvn -B -Pbench verify -Dit.test=DatabaseBench}.
 */
@ExtendWith(VertxExtension.class)
class DatabaseBench {
  private static final long TIME = TimeUnit.SECONDS.toNanos(4);
  private static final String INSERT =
      "INSERT INTO items (id, name, stock, listed, at) VALUES ($1, $2, $3, $4, $5)";

  private final AtomicLong ids = new AtomicLong();

  @Test
  void writesPerSecond(Vertx vertx) throws Exception {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
    Database database =
        Database.open(vertx, new DatabaseConfig(home), "test-service")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    for (int round = 0; round < 3; round++) {
      raw(home, 1);
      raw(home, 50);
      run(vertx, "insert, 1 at a time", 1, id -> insert(database, id));
      run(vertx, "insert, 64 at a time", 64, id -> insert(database, id));
      run(vertx, "insert + update, 32 at a time", 32, id -> insertAndUpdate(database, id));
    }
    database.close().toCompletionStage().toCompletableFuture().get();
  }

  private static Future<?> insert(Database database, long id) {
    return database.run(INSERT, "i" + id, "n" + id, id, true, null);
  }

  private static Future<?> insertAndUpdate(Database database, long id) {
    return database.transaction(
        sql ->
            sql.run(INSERT, "i" + id, "n" + id, id, true, null)
                .compose(
                    done -> sql.run("UPDATE items SET stock = stock - 1 WHERE id = $1", "i" + id)));
  }

  private void run(Vertx vertx, String what, int clients, LongFunction<Future<?>> write)
      throws Exception {
    long start = System.nanoTime();
    long before = ids.get();
    Future<?>[] all = new Future<?>[clients];
    for (int i = 0; i < clients; i++) {
      Promise<Void> done = Promise.promise();
      vertx.getOrCreateContext().runOnContext(now -> goOn(start, write, done));
      all[i] = done.future();
    }
    Future.all(Arrays.asList(all)).toCompletionStage().toCompletableFuture().get();
    print(what, ids.get() - before, start);
  }

  // Not by chained futures: those of so many writes would be too deep for a stack.
  private void goOn(long start, LongFunction<Future<?>> write, Promise<Void> done) {
    if (System.nanoTime() - start > TIME) {
      done.complete();
      return;
    }
    write
        .apply(ids.incrementAndGet())
        .onFailure(done::tryFail)
        .onSuccess(written -> goOn(start, write, done));
  }

  private static void raw(Path home, int perCommit) throws IOException {
    String url = "jdbc:sqlite:" + home.resolve("raw-" + System.nanoTime() + ".db");
    try (Connection jdbc =
        DriverManager.getConnection(url + "?journal_mode=WAL&synchronous=FULL")) {
      jdbc.createStatement()
          .execute(Files.readString(Path.of("src/test/resources/db/test-service/V1__items.sql")));
      jdbc.setAutoCommit(false);
      PreparedStatement insert = jdbc.prepareStatement("INSERT INTO items VALUES (?, ?, 1, 1, 1)");
      long start = System.nanoTime();
      long rows = 0;
      while (System.nanoTime() - start < TIME) {
        for (int i = 0; i < perCommit; i++) {
          insert.setString(1, "i" + rows);
          insert.setString(2, "n" + rows++);
          insert.executeUpdate();
        }
        jdbc.commit();
      }
      print("raw, " + perCommit + " rows a commit", rows, start);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void print(String what, long rows, long start) {
    System.out.printf("BENCH %s: %d/s%n", what, rows * 1_000_000_000L / (System.nanoTime() - start));
  }
}
