package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * A PostgreSQL server, and the database there in which every service has a schema of its own.
 *
 * @param password empty where the server asks for none
 */
public record PostgresServer(String host, int port, String name, String user, String password) {
  private static final int DEFAULT_PORT = 5432;
  private static final String DEFAULT_NAME = "stoa";
  private static final int MAX_PORT = 65_535;

  /** {@code postgresql://user:password@host:5432/name}; all but the host may be left out. */
  static Optional<PostgresServer> parse(String url) {
    try {
      URI uri = new URI(url);
      boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
      if (!known || uri.getHost() == null || uri.getRawQuery() != null) {
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
              account.length > 1 ? account[1] : ""));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** With what the keys of section {@code database} say instead. */
  PostgresServer with(ConfigReader database) {
    return new PostgresServer(
        database.string("host", host),
        database.integer("port", port, 1, MAX_PORT),
        database.string("name", name),
        database.string("user", user),
        database.string("password", password));
  }

  /** For Flyway, which migrates by JDBC. */
  String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name;
  }

  @Override
  public String toString() {
    return "postgresql://" + host + ":" + port + "/" + name;
  }
}
