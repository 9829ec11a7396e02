package dev.stoa.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTest {

  @Test
  void readsEachUnit() {
    assertEquals(
        Optional.of(new Limit(100, Duration.ofMinutes(1), 100)), Limit.parse("100/minute"));
    assertEquals(Optional.of(new Limit(5, Duration.ofSeconds(1), 5)), Limit.parse(" 5 / Second "));
    assertEquals(Optional.of(new Limit(7, Duration.ofHours(1), 7)), Limit.parse("7/hour"));
    assertEquals(Optional.of(new Limit(1, Duration.ofDays(1), 1)), Limit.parse("1/day"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "100",
        "100/",
        "/minute",
        "0/minute",
        "-1/minute",
        "1.5/minute",
        "100/week",
        "100/minutes",
        "9999999/second",
        "99999999999/day",
        "100 per minute",
        "1/1/day"
      })
  void refusesAnythingElse(String text) {
    assertEquals(Optional.empty(), Limit.parse(text));
  }

  @Test
  void refusesABurstThatWouldNeverRefill() {
    assertEquals(Optional.empty(), Limit.parse("1/day").orElseThrow().withBurst(1_000_000));
    assertEquals(Optional.empty(), Limit.parse("1/day").orElseThrow().withBurst(0));
    assertEquals(1000, Limit.parse("1/day").orElseThrow().withBurst(1000).orElseThrow().burst());
  }
}
