package dev.stoa.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdempotencyConfigTest {

  @Test
  void readsWhatIsSaidAndKeepsDefaultsForTheRest() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject(
                """
                {"idempotency": {"retention": "2h", "max_keys": 10, "max_response": "1kb"}}"""));

    IdempotencyConfig config = IdempotencyConfig.from(reader);

    assertEquals(
        new IdempotencyConfig(Duration.ofHours(2), Duration.ofSeconds(4), 10, 1 << 20, 1024),
        config);
    assertEquals(List.of(), reader.errors());
    assertEquals(
        IdempotencyConfig.DEFAULT, IdempotencyConfig.from(ConfigReader.of(new JsonObject())));
  }

  @Test
  void namesEachWrongValue() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject(
                """
                {"idempotency": {"retention": "0s", "lease": "999ms", "max_keys": 0,
                                 "max_request": "65mb", "max_response": "many"}}"""));

    IdempotencyConfig.from(reader);

    assertEquals(
        List.of(
            "idempotency.lease",
            "idempotency.max_keys",
            "idempotency.max_request",
            "idempotency.max_response",
            "idempotency.retention"),
        reader.errors().stream().map(ConfigError::path).sorted().toList());
  }
}
