package dev.stoa.persistence;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A real PostgreSQL server of the tests' own, as durable as one in production. */
public final class TestPostgres implements AutoCloseable {
  /** Who logs in with a password, where TLS is asked for. */
  static final String GUEST = "guest";

  private static final String SUPERUSER = "postgres";

  private final UnaryOperator<EmbeddedPostgres.Builder> settings;
  private EmbeddedPostgres server;

  private TestPostgres(UnaryOperator<EmbeddedPostgres.Builder> settings) {
    this.settings = settings;
    this.server = run(settings.apply(EmbeddedPostgres.builder()));
  }

  /** The library would switch off what makes a commit durable. */
  private static EmbeddedPostgres run(EmbeddedPostgres.Builder builder) {
    try {
      return builder
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an empty one. */
  public static TestPostgres start() {
    return new TestPostgres(UnaryOperator.identity());
  }

  /**
   * Starts an empty one that can be stopped and started again.
   *
   * @param data a folder that is empty or not there
   */
  public static TestPostgres in(Path data) {
    TestPostgres postgres =
        new TestPostgres(builder -> builder.setDataDirectory(data).setCleanDataDirectory(false));
    return postgres;
  }

  /** Starts an empty one that also listens at that address, and lets everybody in there. */
  public static TestPostgres open(String host) {
    String all = host.equals("127.0.0.1") ? "localhost" : "localhost," + host;
    TestPostgres postgres =
        new TestPostgres(builder -> builder.setServerConfig("listen_addresses", all));
    postgres.allow("host all all samenet trust");
    return postgres;
  }

  /** Starts one to which {@link #GUEST} has to come encrypted, and with that password. */
  static TestPostgres withTls(Path certificate, Path key, String password) {
    TestPostgres postgres =
        new TestPostgres(
            builder ->
                builder
                    .setServerConfig("ssl", "on")
                    .setServerConfig("ssl_cert_file", certificate.toString())
                    .setServerConfig("ssl_key_file", key.toString()));
    postgres.execute("CREATE ROLE " + GUEST + " LOGIN PASSWORD '" + password + "'");
    postgres.execute("GRANT CREATE ON DATABASE postgres TO " + GUEST);
    postgres.allow(
        "hostssl all " + GUEST + " all scram-sha-256", "host all " + GUEST + " all reject");
    return postgres;
  }

  /** Lines before all others that say who may come in how. */
  public void allow(String... lines) {
    try {
      Path file = Path.of(setting("hba_file"));
      String others = Files.readString(file);
      Files.writeString(file, String.join("\n", lines) + "\n" + others);
      execute("SELECT pg_reload_conf()");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String setting(String name) {
    return value("SHOW " + name);
  }

  /** What the first column of the only row says. */
  public String value(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var answer = statement.executeQuery(query)) {
      answer.next();
      return answer.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public PostgresServer address() {
    return new PostgresServer("localhost", server.getPort(), SUPERUSER, SUPERUSER, "");
  }

  /** As the configuration takes it. */
  public String url() {
    return urlOf(SUPERUSER);
  }

  /** That of a further database there. */
  public String urlOf(String database) {
    return "postgresql://" + SUPERUSER + "@localhost:" + server.getPort() + "/" + database;
  }

  /** The same by way of another address. */
  public String url(String host) {
    return url().replace("localhost", host);
  }

  /** For JDBC. */
  public String jdbcUrl() {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=" + SUPERUSER;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl());
  }

  /** Breaks off what everybody is doing. */
  public void cutAllConnections() {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  }

  /** Runs a statement as the superuser. */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** What a query of names and numbers finds. */
  public Map<String, Long> numbers(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var answer = statement.executeQuery(sql)) {
      Map<String, Long> numbers = new TreeMap<>();
      while (answer.next()) {
        numbers.put(answer.getString(1), answer.getLong(2));
      }
      return numbers;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Stops it: at once, with everything that is not committed rolled back (fast), or as if it had
   * crashed (immediate).
   *
   * @return how to start it again where it was
   */
  public Runnable stop(boolean immediate) {
    int port = server.getPort();
    if (immediate) {
      quit();
    }
    close();
    return () -> server = run(settings.apply(EmbeddedPostgres.builder()).setPort(port));
  }

  /** Its first process, of which all others are children. */
  public ProcessHandle process() {
    Path file = Path.of(setting("data_directory")).resolve("postmaster.pid");
    try {
      String pid = Files.readAllLines(file).get(0).strip();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGQUIT to its first process, which is not ours to wait for: until it has left its file. */
  private void quit() {
    ProcessHandle first = process();
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(first.pid())).start().waitFor();
      first.onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
