package dev.stoa.observability;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each thread that counts a lane: event loops add to cells of their own, and so do not wait
 * for each other's caches. Where there are more threads than lanes some share one, which costs time
 * and no count. Safe on any thread.
 */
final class Lanes {
  private static final int MOST = 8;

  private final int count =
      Math.min(MOST, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors()));
  private final AtomicInteger next = new AtomicInteger();
  private final ThreadLocal<Integer> own =
      ThreadLocal.withInitial(() -> next.getAndIncrement() & (count - 1));

  /** How many there are, a power of two. */
  int count() {
    return count;
  }

  /** That of the caller's thread. */
  int own() {
    return own.get();
  }
}
