package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sqlite.JDBC;

/**
 * One SQLite file in WAL mode with {@code synchronous=FULL}: a commit that was acknowledged
 * survives a crash. One thread writes, so transactions are serial; several connections read beside
 * it.
 */
final class SqliteDatabase implements Database {
  private final SqliteWriter writer;
  private final SqliteReaders readers;

  private SqliteDatabase(SqliteWriter writer, SqliteReaders readers) {
    this.writer = writer;
    this.readers = readers;
  }

  static Future<Database> open(
      Vertx vertx, DatabaseConfig config, String service, String... shared) {
    Path file = config.directory().resolve(service + ".db");
    String url =
        "jdbc:sqlite:"
            + file
            + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000&foreign_keys=true"
            + "&temp_store=MEMORY";
    return vertx.executeBlocking(
        () -> {
          migrate(file, url, Stream.concat(Stream.of(service), Stream.of(shared)).toList());
          Availability availability = new Availability(service);
          return new SqliteDatabase(
              SqliteWriter.start(vertx, url, service + "-writer", availability),
              SqliteReaders.of(vertx, url, service + "-readers", availability));
        },
        false);
  }

  /**
   * Brings the tables up to date. The file notes which scripts it has seen, so that a start at
   * which nothing is new goes without Flyway, whose loading costs more than all else that happens
   * here.
   */
  private static void migrate(Path file, String url, List<String> folders)
      throws IOException, SQLException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    SqliteLibrary.load();
    Migrations migrations = Migrations.of(folders);
    int fingerprint = migrations.fingerprint();
    try (Connection connection = new JDBC().connect(url, new Properties());
        Statement statement = connection.createStatement()) {
      if (seen(statement) != fingerprint) {
        migrations.flyway().dataSource(url, null, null).load().migrate();
        statement.execute("PRAGMA user_version = " + fingerprint);
      }
    }
  }

  private static int seen(Statement statement) throws SQLException {
    try (ResultSet version = statement.executeQuery("PRAGMA user_version")) {
      return version.next() ? version.getInt(1) : 0;
    }
  }

  @Override
  public Future<Rows> run(String statement, Object... parameters) {
    return writer.submit(sql -> sql.run(statement, parameters));
  }

  @Override
  public <T> Future<T> transaction(Function<Sql, Future<T>> work) {
    return writer.submit(work);
  }

  @Override
  public <T> Future<T> guarded(Function<Sql, Future<T>> work) {
    return transaction(work);
  }

  @Override
  public Future<Rows> read(String statement, Object... parameters) {
    return readers.read(statement, parameters);
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public Future<Void> ping() {
    return read("SELECT 1").mapEmpty();
  }

  @Override
  public Future<Void> close() {
    return writer.close().eventually(readers::close);
  }
}
