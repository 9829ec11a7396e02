package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the databases are.
 *
 * @param directory the folder of the embedded databases, one file per service
 * @param server used instead of them if there is one
 * @param servers used by single services instead of that, by their names
 * @param lease how long a process that is silent there is believed to live
 */
public record DatabaseConfig(
    Path directory,
    Optional<PostgresServer> server,
    Map<String, PostgresServer> servers,
    Duration lease) {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(1);
  private static final String EMBEDDED = "sqlite";
  // Databases beside those of services.
  private static final Set<String> FURTHER = Set.of("gateway", "payment-provider");
  private static final List<String> TLS = List.of(PostgresTls.MODE, PostgresTls.AUTHORITIES);
  private static final List<String> APART = List.of("port", "name", "user", "password");

  public DatabaseConfig {
    Objects.requireNonNull(directory, "directory");
    servers = Map.copyOf(servers);
  }

  /** The embedded databases in that folder. */
  public DatabaseConfig(Path directory) {
    this(directory, Optional.empty());
  }

  /** With the lease as it comes. */
  public DatabaseConfig(Path directory, Optional<PostgresServer> server) {
    this(directory, server, Map.of(), LEASE);
  }

  /**
   * Reads {@code database}: {@code sqlite} or {@code postgresql://user:password@host:5432/name}, as
   * it stands or as its {@code url}; of a server, {@code host, port, name, user, password} may be
   * said apart, instead of its URL or on top of it. Below {@code services} stand the URLs of single
   * services; pool and encryption are those of all.
   *
   * @param dataDirectory the folder of the embedded databases
   */
  public static DatabaseConfig from(ConfigReader root, Path dataDirectory) {
    Map<String, PostgresServer> servers = servers(root);
    return new DatabaseConfig(
        dataDirectory, server(root, !servers.isEmpty()), servers, lease(root));
  }

  /** Where the database of that service is; empty where it is a file. */
  Optional<PostgresServer> of(String service) {
    return Optional.ofNullable(servers.get(service)).or(() -> server);
  }

  private static Map<String, PostgresServer> servers(ConfigReader root) {
    if (isText(root)) {
      return Map.of();
    }
    ConfigReader own = root.section("database.services");
    Map<String, PostgresServer> servers = new TreeMap<>();
    Set<String> known = root.section("services").keys();
    for (String service : own.keys()) {
      if (!known.contains(service) && !FURTHER.contains(service)) {
        own.warn(service, "no service has this name");
      }
      parse(own, service)
          .ifPresent(server -> servers.put(service, server.shared(root.section("database"))));
    }
    return servers;
  }

  private static boolean isText(ConfigReader root) {
    return root.value("database").filter(String.class::isInstance).isPresent();
  }

  private static Duration lease(ConfigReader root) {
    if (isText(root)) {
      return LEASE;
    }
    Duration lease = root.duration("database.lease", LEASE);
    if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
      root.error("database.lease", "from 2s to 60s");
    }
    return lease;
  }

  private static Optional<PostgresServer> server(ConfigReader root, boolean others) {
    if (isText(root)) {
      return parse(root, "database");
    }
    ConfigReader parts = root.section("database");
    Optional<PostgresServer> named =
        parts.has("host") && parts.string("url", EMBEDDED).equals(EMBEDDED)
            ? PostgresServer.parse("postgresql://localhost")
            : parse(root, "database.url");
    if (named.isEmpty()) {
      Stream.concat(APART.stream(), others ? Stream.empty() : TLS.stream())
          .filter(parts::has)
          .forEach(
              part -> parts.error(part, "nothing without a server (database.host or its URL)"));
    }
    return named.map(server -> server.with(parts));
  }

  private static Optional<PostgresServer> parse(ConfigReader root, String key) {
    String url = root.string(key, EMBEDDED);
    Optional<PostgresServer> server = PostgresServer.parse(url);
    if (server.isEmpty() && !url.equals(EMBEDDED)) {
      root.error(
          key,
          EMBEDDED
              + " or postgresql://user:password@host:port/name, which may end with"
              + " ?sslmode=disable, require, verify-ca or verify-full and &sslrootcert=FILE");
    }
    return server;
  }
}
