package dev.stoa.discovery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between tries: each twice the one before, up to a limit, and no two processes in step. */
final class Backoff {
  private static final long FIRST_MILLIS = 100;

  private final long limitMillis;
  private long nextMillis = FIRST_MILLIS;

  Backoff(Duration limit) {
    this.limitMillis = limit.toMillis();
  }

  long pauseMillis() {
    long pause = nextMillis;
    nextMillis = Math.min(limitMillis, pause * 2);
    return pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
