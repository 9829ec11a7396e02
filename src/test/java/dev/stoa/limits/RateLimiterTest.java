package dev.stoa.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class RateLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5 * SECOND); // about to wrap
  private final RateLimiter limiter = new RateLimiter(now::get, 10_000);

  @Test
  void letsABurstPassAndThenTheSteadyRate() {
    Limit limit = Limit.parse("60/minute").orElseThrow().withBurst(3).orElseThrow();

    assertEquals(List.of(2L, 1L, 0L), List.of(left(limit), left(limit), left(limit)));
    Verdict refused = take(limit);
    assertFalse(refused.allowed());
    assertEquals(1_000_000, refused.retryAfterMicros());
    assertEquals(3_000_000, refused.resetMicros());

    pass(SECOND - 1);
    assertFalse(take(limit).allowed());
    pass(1);
    assertTrue(take(limit).allowed());
    assertFalse(take(limit).allowed());
  }

  @Test
  void refillsWhollyAfterItsWindow() {
    Limit limit = Limit.perMinute(100);
    for (int i = 0; i < 100; i++) {
      assertTrue(take(limit).allowed());
    }
    assertFalse(take(limit).allowed());

    pass(1_000 * limit.windowMicros());

    assertEquals(99, left(limit));
  }

  @Test
  void refusedAttemptsCostNothing() {
    Limit limit = Limit.parse("1/second").orElseThrow();
    assertTrue(take(limit).allowed());

    for (int i = 0; i < 50; i++) {
      assertFalse(take(limit).allowed());
    }
    pass(SECOND);

    assertTrue(take(limit).allowed());
  }

  @Test
  void keepsKeysApart() {
    Limit limit = Limit.parse("1/hour").orElseThrow();

    assertTrue(limiter.take("a", "x", limit).allowed());
    assertTrue(limiter.take("a", "y", limit).allowed());
    assertTrue(limiter.take("b", "x", limit).allowed());
    assertFalse(limiter.take("a", "x", limit).allowed());
  }

  @Test
  void aChangedLimitStartsAnewAndAnUnchangedOneGoesOn() {
    assertTrue(take(Limit.parse("1/hour").orElseThrow()).allowed());

    assertFalse(take(Limit.parse("1/hour").orElseThrow()).allowed());
    assertTrue(take(Limit.parse("2/hour").orElseThrow()).allowed());
  }

  @Test
  void neverLetsMoreThanBurstPlusRatePass() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      Limit limit =
          new Limit(1 + random.nextInt(50), Duration.ofSeconds(10), 1 + random.nextInt(80));
      String subject = "round" + round;
      long elapsed = 0;
      long passed = 0;
      for (int i = 0; i < 2_000; i++) {
        long step = (long) (random.nextDouble() * 1_000 * limit.intervalMicros());
        pass(step);
        elapsed += step;
        passed += limiter.take("s", subject, limit).allowed() ? 1 : 0;

        assertTrue(passed <= limit.burst() + elapsed / (1_000 * limit.intervalMicros()));
      }
      assertTrue(
          passed >= elapsed / (1_000 * limit.intervalMicros()) / 2, "a steady flow gets its share");
    }
  }

  @Test
  void countsExactlyUnderContention() throws Exception {
    Limit limit = Limit.parse("1000/day").orElseThrow();
    RateLimiter busy = new RateLimiter(() -> 0, 10_000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Integer>> passed = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      passed.add(
          threads.submit(
              () -> {
                int allowed = 0;
                for (int i = 0; i < 5_000; i++) {
                  allowed += busy.take("s", "x", limit).allowed() ? 1 : 0;
                }
                return allowed;
              }));
    }

    int sum = 0;
    for (Future<Integer> part : passed) {
      sum += part.get();
    }
    threads.shutdown();
    assertEquals(1000, sum);
  }

  @Test
  void forgetsKeysThatAreAsGoodAsNew() {
    Limit limit = Limit.parse("1/second").orElseThrow();
    for (int i = 0; i < 100_000; i++) {
      limiter.take("s", "subject" + i, limit);
      pass(SECOND / 100);
    }

    assertTrue(limiter.keys() <= 1_100, () -> limiter.keys() + " keys");
  }

  @Test
  void forgetsTheOldestOnlyWhenFull() {
    Limit limit = Limit.parse("1/day").orElseThrow();
    for (int i = 0; i < 10_000; i++) {
      limiter.take("s", "subject" + i, limit);
      pass(1_000);
    }
    assertEquals(10_000, limiter.keys());
    assertFalse(limiter.take("s", "subject0", limit).allowed());

    limiter.take("s", "one more", limit);

    assertTrue(limiter.keys() < 10_000);
    assertFalse(limiter.take("s", "subject9999", limit).allowed());
    assertTrue(limiter.take("s", "subject0", limit).allowed());
  }

  private long left(Limit limit) {
    return take(limit).remaining();
  }

  private Verdict take(Limit limit) {
    return limiter.take("scope", "subject", limit);
  }

  private void pass(long nanos) {
    now.addAndGet(nanos);
  }
}
