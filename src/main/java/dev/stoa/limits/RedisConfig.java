package dev.stoa.limits;

import dev.stoa.config.ConfigReader;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The Redis in which limits are counted: {@code redis} of the configuration.
 *
 * @param user absent: Redis' default user
 * @param timeout how long a request may wait for Redis until this process decides alone
 * @param tls absent: an open connection
 */
public record RedisConfig(
    String host,
    int port,
    int db,
    Optional<String> user,
    Optional<String> password,
    Duration timeout,
    Optional<Tls> tls) {
  private static final int DEFAULT_PORT = 6379;
  private static final int MAX_DB = 1_000_000;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(50);
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(10);

  /**
   * An encrypted connection.
   *
   * @param ca a PEM file; absent: the authorities that Java knows
   */
  public record Tls(Optional<String> ca, boolean verifyHost) {}

  /** Reads it; empty where no {@code redis.host} is set. */
  public static Optional<RedisConfig> from(ConfigReader root) {
    ConfigReader redis = root.section("redis");
    String host = redis.string("host").orElse("").strip();
    Duration timeout = redis.duration("timeout", DEFAULT_TIMEOUT);
    if (timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      redis.error("timeout", "more than zero, and 10s at most");
    }
    RedisConfig config =
        new RedisConfig(
            host,
            redis.integer("port", DEFAULT_PORT, 1, 65_535),
            redis.integer("db", 0, 0, MAX_DB),
            redis.string("user").filter(user -> !user.isBlank()),
            redis.string("password").filter(password -> !password.isEmpty()),
            timeout,
            tls(redis.section("tls")));
    if (config.user.isPresent() && config.password.isEmpty()) {
      redis.error("user", "a redis.password with it");
    }
    if (host.isEmpty()) {
      return Optional.empty();
    }
    if (!isHost(host)) {
      redis.error("host", "a name or an address without a port");
    }
    return Optional.of(config);
  }

  private static Optional<Tls> tls(ConfigReader tls) {
    Tls read = new Tls(tls.string("ca"), tls.bool("verify_host", true));
    return tls.bool("enabled", false) ? Optional.of(read) : Optional.empty();
  }

  private static boolean isHost(String host) {
    try {
      URI uri = URI.create("redis://" + bracketed(host) + ":1");
      return uri.getHost() != null && uri.getUserInfo() == null && uri.getPath().isEmpty();
    } catch (IllegalArgumentException notAHost) {
      return false;
    }
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** As Redis' clients take it, without user and password. */
  String uri() {
    return (tls.isPresent() ? "rediss" : "redis") + "://" + address() + "/" + db;
  }

  /** For people. */
  String address() {
    return bracketed(host) + ":" + port;
  }

  /** Without the password, which is nobody's business. */
  @Override
  public String toString() {
    return "RedisConfig[" + uri() + "]";
  }
}
