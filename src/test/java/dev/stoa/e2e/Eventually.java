package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, looking again and again, and never longer than told. */
public final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(15);

  private Eventually() {}

  /** Waits until it holds; fails after {@code limit}, saying what was waited for. */
  public static void within(Duration limit, Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("not within " + limit.toMillis() + " ms: " + what.get());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  public static void within(Duration limit, String what, BooleanSupplier condition) {
    within(limit, () -> what, condition);
  }
}
