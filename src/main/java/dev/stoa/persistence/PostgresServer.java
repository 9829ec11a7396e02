package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A PostgreSQL server, and the database there in which every service has a schema of its own.
 *
 * @param password empty where the server asks for none
 * @param tls whether connections are encrypted
 * @param pool how many connections each service has, and how they are kept
 */
public record PostgresServer(
    String host,
    int port,
    String name,
    String user,
    String password,
    PostgresTls tls,
    PostgresPool pool) {
  private static final int DEFAULT_PORT = 5432;
  private static final String DEFAULT_NAME = "stoa";
  private static final int MAX_PORT = 65_535;

  /** In the clear, with a pool as it comes. */
  PostgresServer(String host, int port, String name, String user, String password) {
    this(host, port, name, user, password, PostgresTls.NONE, PostgresPool.DEFAULT);
  }

  /**
   * {@code postgresql://user:password@host:5432/name?sslmode=…&sslrootcert=…}; all but the host may
   * be left out.
   */
  static Optional<PostgresServer> parse(String url) {
    try {
      URI uri = new URI(url);
      boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
      Optional<PostgresTls> tls = PostgresTls.of(parameters(uri));
      if (!known || uri.getHost() == null || tls.isEmpty()) {
        return Optional.empty();
      }
      String[] account = Optional.ofNullable(uri.getUserInfo()).orElse("").split(":", 2);
      String path = Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("^/", "");
      return Optional.of(
          new PostgresServer(
              uri.getHost(),
              uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
              path.isEmpty() ? DEFAULT_NAME : path,
              account[0].isEmpty() ? DEFAULT_NAME : account[0],
              account.length > 1 ? account[1] : "",
              tls.get(),
              PostgresPool.DEFAULT));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> parameters(URI uri) {
    Map<String, String> parameters = new TreeMap<>();
    String query = Optional.ofNullable(uri.getQuery()).orElse("");
    for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
      String[] parts = parameter.split("=", 2);
      parameters.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return parameters;
  }

  /** With what the keys of section {@code database} say instead. */
  PostgresServer with(ConfigReader database) {
    return new PostgresServer(
            database.string("host", host),
            database.integer("port", port, 1, MAX_PORT),
            database.string("name", name),
            database.string("user", user),
            database.string("password", password),
            tls,
            pool)
        .shared(database);
  }

  /** With what those keys say of all servers. */
  PostgresServer shared(ConfigReader database) {
    return new PostgresServer(
        host, port, name, user, password, tls.with(database), PostgresPool.from(database));
  }

  /** For Flyway, which migrates by JDBC. */
  String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name + tls.parameters();
  }

  @Override
  public String toString() {
    return "postgresql://" + host + ":" + port + "/" + name;
  }
}
