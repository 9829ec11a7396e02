package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RationTest {
  private long now;
  private final Ration ration = new Ration(2, () -> now);

  private int takenOf(int asked) {
    int taken = 0;
    for (int i = 0; i < asked; i++) {
      taken += ration.take() ? 1 : 0;
    }
    return taken;
  }

  @Test
  void thereAreSoManyASecondAndNoMore() {
    assertEquals(2, takenOf(5));

    now += TimeUnit.SECONDS.toNanos(1);
    assertEquals(2, takenOf(5));
    now += TimeUnit.MILLISECONDS.toNanos(999);
    assertFalse(ration.take());
    now += TimeUnit.MILLISECONDS.toNanos(1);
    assertTrue(ration.take());
  }

  @Test
  void whatWasLeftOutIsToldOnceTheSecondIsOver() {
    takenOf(5);
    assertEquals(0, ration.leftOut());

    now += TimeUnit.SECONDS.toNanos(1);
    assertEquals(3, ration.leftOut());
    assertEquals(0, ration.leftOut());
    takenOf(2);
    now += TimeUnit.SECONDS.toNanos(1);
    assertEquals(0, ration.leftOut());
  }
}
