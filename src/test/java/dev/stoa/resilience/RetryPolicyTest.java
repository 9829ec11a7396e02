package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final double MIDDLE = 0.5;

  @Test
  void waitsExponentiallyLongerUpToTheCap() {
    RetryPolicy policy = RetryPolicy.SERVICES;

    assertEquals(Duration.ofSeconds(1).toNanos(), policy.delayNanos(1, MIDDLE));
    assertEquals(Duration.ofSeconds(2).toNanos(), policy.delayNanos(2, MIDDLE));
    assertEquals(Duration.ofSeconds(32).toNanos(), policy.delayNanos(6, MIDDLE));
    assertEquals(Duration.ofSeconds(60).toNanos(), policy.delayNanos(7, MIDDLE));
    assertEquals(Duration.ofSeconds(60).toNanos(), policy.delayNanos(1000, MIDDLE));
  }

  @Test
  void variesByATenth() {
    RetryPolicy policy = RetryPolicy.SERVICES;

    assertEquals(Duration.ofMillis(900).toNanos(), policy.delayNanos(1, 0));
    assertEquals(Duration.ofMillis(1100).toNanos(), policy.delayNanos(1, 1));
    for (int i = 0; i < 1000; i++) {
      long delay = policy.delayNanos(1);
      assertTrue(delay >= 900_000_000 && delay <= 1_100_000_000, "delay " + delay);
    }
  }

  @Test
  void knowsHowLongAllAttemptsTake() {
    RetryPolicy policy =
        new RetryPolicy(
            2, Duration.ofSeconds(1), Duration.ofSeconds(9), 2, 0, FailureKinds.PASSING);

    assertEquals(Duration.ofSeconds(3 * 5 + 1 + 2), policy.longest(Duration.ofSeconds(5)));
  }

  @Test
  void readsTheKeysOfTheContract() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject()
                .put(
                    "retry",
                    new JsonObject()
                        .put("max_retries", 2)
                        .put("base_delay", "10ms")
                        .put("max_delay", "1s")
                        .put("backoff_factor", 3)
                        .put("jitter", 0.5)
                        .put("on", new JsonArray().add("connect").add("503"))));

    RetryPolicy policy = RetryPolicy.from(reader, RetryPolicy.SERVICES);

    FailureKinds on = new FailureKinds(true, false, false, Set.of(503));
    assertEquals(
        new RetryPolicy(2, Duration.ofMillis(10), Duration.ofSeconds(1), 3, 0.5, on), policy);
    assertTrue(reader.errors().isEmpty());
  }

  @Test
  void refusesWhatMakesNoSense() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject()
                .put(
                    "retry",
                    new JsonObject()
                        .put("max_retries", 11)
                        .put("base_delay", "2h")
                        .put("backoff_factor", 0.5)
                        .put("jitter", 2)
                        .put("on", new JsonArray().add("sometimes"))));

    RetryPolicy policy = RetryPolicy.from(reader, RetryPolicy.SERVICES);

    assertEquals(5, reader.errors().size(), reader.errors().toString());
    assertEquals(RetryPolicy.SERVICES.maxRetries(), policy.maxRetries());
  }
}
