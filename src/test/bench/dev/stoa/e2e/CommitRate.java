package dev.stoa.e2e;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What the disk of a folder can do, with nothing but JDBC on one thread: rows inserted per second
 * into an SQLite file with the settings of the embedded databases, every commit durable.
 */
final class CommitRate {
  private static final Duration TIME = Duration.ofSeconds(3);

  private CommitRate() {}

  /** Inserts per second with so many in each commit. */
  static long of(Path folder, int perCommit) {
    Path file = folder.resolve("commit-rate-" + System.nanoTime() + ".db");
    String url = "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL";
    try (Connection connection = DriverManager.getConnection(url);
        Statement plain = connection.createStatement()) {
      plain.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t (body) VALUES (?)")) {
        long start = System.nanoTime();
        long rows = 0;
        while (System.nanoTime() - start < TIME.toNanos()) {
          for (int i = 0; i < perCommit; i++) {
            insert.setString(1, "about as long as a row of the shop is, with ids and all of that");
            insert.executeUpdate();
          }
          connection.commit();
          rows += perCommit;
        }
        return rows * 1_000_000_000L / (System.nanoTime() - start);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
