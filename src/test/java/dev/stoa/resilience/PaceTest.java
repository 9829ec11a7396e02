package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On a clock that the test moves. */
class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long now = 42;
  private final Pace pace = new Pace(now);

  @Test
  void nothingIsHopelessWhileNothingIsKnown() {
    assertFalse(hopeless(1_000_000, 1));
  }

  @Test
  void whatWouldQueueForMoreThanHalfOfItsSpareTimeIsHopeless() {
    answers(100, 40, true, 1);

    assertFalse(hopeless(95, 2));
    assertTrue(hopeless(110, 2));
    assertFalse(hopeless(110, 4));
  }

  @Test
  void whatTakesLongInAnyCaseIsNoQueue() {
    answers(10, 25_000, true, 2); // 250 polls of 25 s each, no other way

    assertFalse(hopeless(249, 30));
    assertTrue(hopeless(300, 30));
  }

  @Test
  void littleToDoSaysNothingOfWhatCouldBeDone() {
    answers(10, 40, false, 2);

    assertFalse(hopeless(200, 2));
  }

  @Test
  void timeInWhichNobodyAskedIsNotTheUpstreams() {
    now += 60 * SECOND;
    for (int i = 0; i < 100; i++) {
      answer(100, 40, true);
      assertFalse(hopeless(255, 30));
    }

    assertTrue(hopeless(255, 4), "what came then is known");
  }

  @Test
  void theWaitForTheFirstAnswersOfABurstIsNotTheRate() {
    answer(1_000, 1, false); // one that was alone
    now += SECOND / 2; // they are all under way
    for (int i = 0; i < 10; i++) {
      answer(1_000, 500, true);
      assertFalse(hopeless(255, 30));
    }
  }

  @Test
  void isForgottenAfterASecond() {
    answers(100, 40, true, 1);
    assertTrue(hopeless(200, 2));

    now += 2 * SECOND;

    assertFalse(hopeless(200, 2));
  }

  @Test
  void turningAwayKeepsWhatIsKnownFresh() {
    answers(100, 40, true, 1);

    for (int i = 0; i < 3 * 100; i++) {
      pace.refused();
      answer(100, 40, false);
    }

    assertTrue(hopeless(200, 2));
  }

  @Test
  void followsAnUpstreamThatGetsFaster() {
    answers(100, 40, true, 1);
    answers(1_000, 40, true, 1);

    assertFalse(hopeless(500, 2));
  }

  private boolean hopeless(int ahead, long seconds) {
    return pace.isHopeless(ahead, seconds * SECOND, now);
  }

  private void answers(int perSecond, long latencyMillis, boolean full, int seconds) {
    for (int i = 0; i < perSecond * seconds; i++) {
      answer(perSecond, latencyMillis, full);
    }
  }

  private void answer(int perSecond, long latencyMillis, boolean full) {
    now += SECOND / perSecond;
    pace.answered(TimeUnit.MILLISECONDS.toNanos(latencyMillis), full, now);
  }
}
