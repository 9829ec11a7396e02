package dev.stoa.gateway;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many a second and no more; what is beyond it is counted. For one event loop. */
final class Ration {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int most;
  private final LongSupplier nanoClock;
  private long began;
  private int taken;
  private long leftOut;

  Ration(int most, LongSupplier nanoClock) {
    this.most = most;
    this.nanoClock = nanoClock;
    this.began = nanoClock.getAsLong();
  }

  /** Whether there is one more. */
  boolean take() {
    if (isOver()) {
      began = nanoClock.getAsLong();
      taken = 0;
    }
    taken++;
    leftOut += taken > most ? 1 : 0;
    return taken <= most;
  }

  /** How many were left out until the second was over; told once. */
  long leftOut() {
    if (leftOut == 0 || !isOver()) {
      return 0;
    }
    long told = leftOut;
    leftOut = 0;
    return told;
  }

  private boolean isOver() {
    return nanoClock.getAsLong() - began >= SECOND;
  }
}
