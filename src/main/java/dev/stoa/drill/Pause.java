package dev.stoa.drill;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting, never longer than told. */
final class Pause {
  private static final long STEP_MILLIS = 20;

  private Pause() {}

  static void of(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillFailure("the drill was interrupted");
    }
  }

  /** Waits until it holds; answers whether it did within the limit. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      of(Duration.ofMillis(STEP_MILLIS));
    }
    return true;
  }
}
