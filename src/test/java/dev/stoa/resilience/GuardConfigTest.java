package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardConfigTest {
  private static ConfigReader reader(String json) {
    return ConfigReader.of(new JsonObject(json));
  }

  @Test
  void hasTheDefaultsOfTheContract() {
    BreakerConfig breaker = GuardConfig.from(reader("{}"), GuardConfig.DEFAULT).breaker();

    assertEquals(5, breaker.failureThreshold());
    assertEquals(Duration.ofSeconds(60), breaker.recoveryTimeout());
    assertTrue(breaker.failures().counts(Failure.CONNECT));
    assertTrue(breaker.failures().counts(Failure.TIMEOUT));
    assertTrue(breaker.failures().counts(500));
    assertTrue(!breaker.failures().counts(404));
  }

  @Test
  void theOpenTimeGrowsOnlyWhereThatIsSaid() {
    GuardConfig plain =
        GuardConfig.from(
            reader("{\"circuit_breaker\": {\"recovery_timeout\": \"10s\"}}"), GuardConfig.DEFAULT);
    GuardConfig growing =
        GuardConfig.from(
            reader("{\"circuit_breaker\": {\"max_recovery_timeout\": \"5m\"}}"), plain);

    assertEquals(Duration.ofSeconds(10), plain.breaker().openTime(5));
    assertEquals(Duration.ofSeconds(160), growing.breaker().openTime(5));
    assertEquals(Duration.ofMinutes(5), growing.breaker().openTime(9));
  }

  @Test
  void whatASectionDoesNotSayIsAsBefore() {
    GuardConfig outer =
        GuardConfig.from(
            reader(
                "{\"circuit_breaker\": {\"failure_threshold\": 2, \"failures\": [\"503\"]},"
                    + " \"bulkhead\": {\"max_concurrent\": 7}}"),
            GuardConfig.DEFAULT);

    GuardConfig inner =
        GuardConfig.from(reader("{\"circuit_breaker\": {\"enabled\": false}}"), outer);

    assertEquals(2, inner.breaker().failureThreshold());
    assertEquals(new FailureKinds(false, false, false, Set.of(503)), inner.breaker().failures());
    assertEquals(7, inner.bulkhead().maxConcurrent());
    assertTrue(!inner.breaker().enabled());
  }

  @Test
  void namesEveryMistake() {
    ConfigReader reader =
        reader(
            """
            {"circuit_breaker": {"failure_threshold": 0, "recovery_timeout": "0s", "window": "10ms",
              "failures": ["always"]},
             "bulkhead": {"max_concurrent": 0, "max_queue": -1},
             "adaptive_limit": {"algorithm": "guess"},
             "retry_budget": {"ratio": 2}}
            """);

    GuardConfig.from(reader, GuardConfig.DEFAULT);

    assertEquals(8, reader.errors().size(), reader.errors().toString());
  }
}
