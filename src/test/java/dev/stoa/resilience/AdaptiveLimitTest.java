package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.resilience.AdaptiveConfig.Algorithm;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Against an upstream of known capacity in made-up time. */
class AdaptiveLimitTest {
  private static final int MAX = 200;
  private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

  private final AtomicInteger places = new AtomicInteger();
  private long now = Long.MAX_VALUE - WINDOW; // the clock may wrap

  private AdaptiveLimit limit(Algorithm algorithm, int initial) {
    return new AdaptiveLimit(new AdaptiveConfig(algorithm, 10, initial), MAX, now, places::set);
  }

  /** One window in which so many calls run at once, each this long. */
  private void window(AdaptiveLimit limit, int running, long latencyMillis) {
    now += WINDOW + 1;
    for (int i = 0; i < 10; i++) {
      limit.answered(TimeUnit.MILLISECONDS.toNanos(latencyMillis), running, now);
    }
  }

  /** An upstream that takes ten milliseconds for each of {@code capacity} calls at once. */
  private void saturate(AdaptiveLimit limit, int capacity, int windows) {
    for (int i = 0; i < windows; i++) {
      window(limit, places.get(), 10L * Math.max(1, places.get() / capacity));
    }
  }

  @Test
  void aFixedLimitStaysWhatItIs() {
    AdaptiveLimit limit = limit(Algorithm.NONE, 20);

    now += 2 * WINDOW;
    limit.overloaded(200, now);

    assertEquals(MAX, places.get());
  }

  @Test
  void aimdGivesWayToOverloadDownToTheLeast() {
    AdaptiveLimit limit = limit(Algorithm.AIMD, MAX);
    assertEquals(MAX, places.get());

    now += WINDOW + 1;
    limit.overloaded(MAX, now);
    assertEquals(180, places.get());
    for (int i = 0; i < 100; i++) {
      now += WINDOW + 1;
      limit.overloaded(MAX, now);
    }

    assertEquals(10, places.get());
  }

  @Test
  void oneBurstOfOverloadCountsOnce() {
    AdaptiveLimit limit = limit(Algorithm.AIMD, MAX);

    now += WINDOW + 1;
    for (int i = 0; i < 1000; i++) {
      limit.overloaded(MAX, now);
    }

    assertEquals(180, places.get());
  }

  @Test
  void aimdRecoversWithinSecondsAndOnlyWhereTheLimitIsUsed() {
    AdaptiveLimit limit = limit(Algorithm.AIMD, 10);

    window(limit, 1, 10);
    assertEquals(10, places.get());
    for (int i = 0; i < 50; i++) {
      window(limit, places.get(), 10);
    }

    assertEquals(MAX, places.get());
  }

  @Test
  void aimdDoesNotMindSlowAnswers() {
    AdaptiveLimit limit = limit(Algorithm.AIMD, 100);
    window(limit, 100, 1);

    window(limit, 100, 20_000);

    assertTrue(places.get() > 100, "limit " + places);
  }

  @Test
  void theGradientFindsTheCapacity() {
    AdaptiveLimit limit = limit(Algorithm.GRADIENT, 20);

    saturate(limit, 40, 100);
    int found = places.get();

    assertTrue(found >= 40 && found <= 120, "limit " + found);
  }

  @Test
  void theGradientFollowsAnUpstreamThatLosesAndRegainsCapacity() {
    AdaptiveLimit limit = limit(Algorithm.GRADIENT, 20);
    saturate(limit, 80, 100);
    int before = places.get();

    saturate(limit, 8, 50);
    int during = places.get();
    saturate(limit, 80, 100);

    assertTrue(during < before / 2, before + " then " + during);
    assertTrue(places.get() > before * 0.8, during + " then " + places);
  }
}
