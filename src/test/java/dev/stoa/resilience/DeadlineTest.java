package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

  @Test
  void countsDown() {
    Deadline deadline = Deadline.after(Duration.ofMillis(5), 100);

    assertEquals(5_000_000, deadline.remainingNanos(100));
    assertEquals(-1, deadline.remainingNanos(5_000_101));
  }

  @Test
  void survivesAClockThatWraps() {
    Deadline late = Deadline.after(Duration.ofSeconds(2), Long.MAX_VALUE - 5);
    Deadline early = Deadline.after(Duration.ofSeconds(1), Long.MAX_VALUE - 5);

    assertEquals(early, late.earlier(early));
    assertEquals(early, early.earlier(late));
    assertEquals(2_000_000_000, late.remainingNanos(Long.MAX_VALUE - 5));
  }

  @Test
  void passes() {
    assertTrue(Deadline.after(Duration.ZERO).passed());
    assertFalse(Deadline.after(Duration.ofHours(1)).passed());
    assertEquals(0, Deadline.after(Duration.ofHours(-1)).remainingMillis());
    assertEquals(Duration.ZERO, Deadline.after(Duration.ofHours(-1)).cap(Duration.ofSeconds(1)));
    assertEquals(
        Duration.ofSeconds(1), Deadline.after(Duration.ofHours(1)).cap(Duration.ofSeconds(1)));
  }

  @Test
  void isReadFromMilliseconds() {
    long left = Deadline.parse("60000").orElseThrow().remainingMillis();

    assertTrue(left > 30_000 && left <= 60_000, "left " + left);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "soon", "-1", "+1", "1.5", "99999999999", "１"})
  void isNothingElse(String text) {
    assertEquals(Optional.empty(), Deadline.parse(text));
  }
}
