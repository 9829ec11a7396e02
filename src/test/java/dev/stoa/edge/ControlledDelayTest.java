package dev.stoa.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Target 50 ms, interval 500 ms, on a clock that the test moves. */
class ControlledDelayTest {
  private final Queue<Runnable> afterTurn = new ArrayDeque<>();
  private OverloadLimits limits = OverloadLimits.DEFAULT;
  private long nanos = 42;
  private ControlledDelay delay = new ControlledDelay(() -> limits, afterTurn::add, () -> nanos, 0);

  @Test
  void aBurstIsTakenInTheIntervalThatItMayLast() {
    assertEquals(501, admitted(1_000));
    assertTrue(delay.admits(), "the next turn begins with a request that has not waited");
  }

  @Test
  void aQueueThatStaysIsCutToTheTarget() {
    admitted(1_000);

    assertEquals(51, admitted(1_000));
    assertEquals(51, admitted(1_000));
  }

  @Test
  void aLoopThatHasCaughtUpTakesBurstsAgain() {
    admitted(1_000);
    admitted(1_000);

    admitted(20);

    assertEquals(501, admitted(600));
  }

  @Test
  void aLoopThatNobodyAskedForAnythingHasCaughtUp() {
    admitted(1_000);
    admitted(1_000);
    nanos += TimeUnit.SECONDS.toNanos(2);

    assertEquals(501, admitted(600));
  }

  @Test
  void aFewRequestsOfATurnAreAlwaysAdmitted() {
    for (int turn = 0; turn < 10; turn++) {
      for (int i = 0; i < ControlledDelay.ALWAYS; i++) {
        assertTrue(delay.admits());
        work(700);
      }
      assertFalse(delay.admits());
      endTurn();
    }
  }

  @Test
  void nobodyIsSentAwayBecauseNothingIsCompiledYet() {
    int cold = ControlledDelay.ALWAYS_WHILE_COLD;
    delay = new ControlledDelay(() -> limits, afterTurn::add, () -> nanos, 20 * cold);

    for (int turn = 0; turn < 20; turn++) {
      for (int i = 0; i < cold; i++) {
        assertTrue(delay.admits());
        work(10);
      }
      endTurn();
    }
    assertEquals(51, admitted(1_000), "warm, and still behind");
  }

  @Test
  void aColdLoopIsNotFlooded() {
    delay = new ControlledDelay(() -> limits, afterTurn::add, () -> nanos, 5_000);
    admitted(1_000);

    assertEquals(ControlledDelay.ALWAYS_WHILE_COLD, admitted(1_000));
  }

  @Test
  void aReloadCounts() {
    admitted(1_000);
    limits = new OverloadLimits(true, Duration.ofMillis(5), Duration.ofMillis(100), Duration.ZERO);
    assertEquals(ControlledDelay.ALWAYS, admitted(1_000));

    limits = new OverloadLimits(false, limits.target(), limits.interval(), limits.rest());
    assertEquals(1_000, admitted(1_000));
  }

  /**
   * One turn in which so many requests are found, each of which takes a millisecond if admitted.
   */
  private int admitted(int requests) {
    int admitted = 0;
    for (int i = 0; i < requests; i++) {
      if (delay.admits()) {
        admitted++;
        work(1);
      }
    }
    endTurn();
    return admitted;
  }

  private void work(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void endTurn() {
    while (!afterTurn.isEmpty()) {
      afterTurn.remove().run();
    }
  }
}
