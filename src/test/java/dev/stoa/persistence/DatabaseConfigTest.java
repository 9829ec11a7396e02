package dev.stoa.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseConfigTest {
  private static final String URL = "postgresql://stoa:secret@db:5432/shop";

  @Test
  void whatIsNotSaidIsAsItComes() {
    PostgresServer server = read(new JsonObject().put("url", URL)).server().orElseThrow();

    assertEquals(PostgresPool.DEFAULT, server.pool());
    assertEquals(PostgresTls.NONE, server.tls());
    assertEquals("jdbc:postgresql://db:5432/shop?sslmode=disable", server.jdbcUrl());
  }

  @Test
  void aPoolIsWhatItsKeysSay() {
    JsonObject keys =
        new JsonObject()
            .put("url", URL)
            .put("pool_size", 3)
            .put("connect_timeout", "2s")
            .put("idle_timeout", "1m")
            .put("statement_cache", 0)
            .put("lease", "10s");

    DatabaseConfig config = read(keys);

    assertEquals(
        new PostgresPool(3, Duration.ofSeconds(2), Duration.ofMinutes(1), 0),
        config.server().orElseThrow().pool());
    assertEquals(Duration.ofSeconds(10), config.lease());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pool_size: 0",
        "connect_timeout: 50ms",
        "idle_timeout: 2d",
        "statement_cache: -1",
        "lease: 1s",
        "sslmode: prefer",
        "sslrootcert: /there/is/no/such/file.pem"
      })
  void whatCannotBeIsNamed(String line) {
    String[] parts = line.split(": ");
    Object value = parts[1].matches("-?\\d+") ? (Object) Integer.parseInt(parts[1]) : parts[1];

    List<ConfigError> errors = errors(new JsonObject().put("url", URL).put(parts[0], value));

    assertEquals(List.of("database." + parts[0]), errors.stream().map(ConfigError::path).toList());
  }

  @Test
  void aServiceMayHaveAServerOfItsOwn() {
    JsonObject own = new JsonObject().put("order-service", "postgresql://o:s3cret@orders/one");

    DatabaseConfig config = read(new JsonObject().put("services", own).put("pool_size", 3));

    PostgresServer orders = config.of("order-service").orElseThrow();
    assertEquals("postgresql://orders:5432/one", orders.toString());
    assertEquals(3, orders.pool().size());
    assertEquals(Optional.empty(), config.of("user-service"));
  }

  @Test
  void theOthersStayWithTheServerOfAll() {
    JsonObject own = new JsonObject().put("order-service", "postgresql://orders/one");

    DatabaseConfig config = read(new JsonObject().put("url", URL).put("services", own));

    assertEquals("postgresql://orders:5432/one", config.of("order-service").get().toString());
    assertEquals(config.server(), config.of("user-service"));
  }

  @Test
  void aServerOfAServiceThatCannotBeIsNamed() {
    JsonObject own = new JsonObject().put("order-service", "mysql://orders/one");

    List<ConfigError> errors = errors(new JsonObject().put("services", own));

    assertEquals(
        List.of("database.services.order-service"),
        errors.stream().map(ConfigError::path).toList());
  }

  @Test
  void whoIsVerifiedNeedsAuthorities() {
    List<ConfigError> errors = errors(new JsonObject().put("url", URL + "?sslmode=verify-full"));

    assertEquals(List.of("database.sslrootcert"), errors.stream().map(ConfigError::path).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"?sslmode=prefer", "?user=me", "?sslmode"})
  void otherParametersAreNone(String parameters) {
    assertTrue(PostgresServer.parse(URL + parameters).isEmpty());
  }

  private static DatabaseConfig read(JsonObject database) {
    ConfigReader reader = ConfigReader.of(new JsonObject().put("database", database));
    DatabaseConfig config = DatabaseConfig.from(reader, Path.of("data"));
    assertEquals(List.of(), reader.errors());
    return config;
  }

  private static List<ConfigError> errors(JsonObject database) {
    ConfigReader reader = ConfigReader.of(new JsonObject().put("database", database));
    DatabaseConfig.from(reader, Path.of("data"));
    return reader.errors();
  }
}
