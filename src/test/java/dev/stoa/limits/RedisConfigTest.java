package dev.stoa.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisConfigTest {

  @Test
  void withoutAHostThereIsNone() {
    assertEquals(Optional.empty(), read("{\"port\": 6380, \"timeout\": \"1s\"}"));
    assertEquals(Optional.empty(), read("{\"host\": \"\"}"));
  }

  @Test
  void aHostIsEnough() {
    RedisConfig config = read("{\"host\": \"redis\"}").orElseThrow();

    assertEquals("redis://redis:6379/0", config.uri());
    assertEquals(Duration.ofMillis(50), config.timeout());
    assertEquals(Optional.empty(), config.tls());
  }

  @Test
  void everythingCanBeSaid() {
    RedisConfig config =
        read("""
                {"host": "::1", "port": 6380, "db": 3, "user": "stoa", "password": "open sesame",
                 "timeout": "20ms", "tls": {"enabled": true, "verify_host": false, "ca": "ca.pem"}}
                """)
            .orElseThrow();

    assertEquals("rediss://[::1]:6380/3", config.uri());
    assertEquals(Optional.of(new RedisConfig.Tls(Optional.of("ca.pem"), false)), config.tls());
    assertFalse(config.toString().contains("sesame"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis.host    | {\"host\": \"redis:6379\"}",
        "redis.host    | {\"host\": \"a/b\"}",
        "redis.port    | {\"host\": \"redis\", \"port\": 0}",
        "redis.db      | {\"host\": \"redis\", \"db\": -1}",
        "redis.timeout | {\"host\": \"redis\", \"timeout\": \"0s\"}",
        "redis.timeout | {\"host\": \"redis\", \"timeout\": \"1m\"}",
        "redis.user    | {\"host\": \"redis\", \"user\": \"stoa\"}",
      })
  void whatIsWrongIsNamed(String path, String json) {
    ConfigReader reader = ConfigReader.of(new JsonObject("{\"redis\": " + json + "}"));

    RedisConfig.from(reader);

    assertEquals(List.of(path), reader.errors().stream().map(error -> error.path()).toList());
  }

  private static Optional<RedisConfig> read(String json) {
    ConfigReader reader = ConfigReader.of(new JsonObject("{\"redis\": " + json + "}"));
    Optional<RedisConfig> config = RedisConfig.from(reader);
    assertEquals(List.of(), reader.errors());
    return config;
  }
}
