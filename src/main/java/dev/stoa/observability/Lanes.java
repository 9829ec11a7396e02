package dev.stoa.observability;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each thread that counts a lane: event loops add to cells of their own, and so do not wait
 * for each other's caches. The first threads that come, which are event loops that stay, have one
 * to themselves, so that nothing of an addition has to be atomic; whoever comes later shares one,
 * which costs time and no count. Safe on any thread.
 */
final class Lanes {
  private static final int MOST = 8;

  /** For more event loops than get their own, so that these do not all meet in one. */
  private static final int MANY = 8;

  private final int own;
  private final int shared;
  private final AtomicInteger next = new AtomicInteger();
  private final ThreadLocal<Integer> mine = ThreadLocal.withInitial(this::assigned);

  /** As many as this machine has event loops, within bounds. */
  Lanes() {
    this(2 * Runtime.getRuntime().availableProcessors());
  }

  /**
   * For so many event loops.
   *
   * @param loops at least one
   */
  Lanes(int loops) {
    this.own = Math.min(MOST, loops);
    this.shared = loops <= MOST ? 1 : MANY;
  }

  private int assigned() {
    return next.getAndUpdate(turn -> turn + 1 < own + shared ? turn + 1 : own);
  }

  /** How many there are. */
  int count() {
    return own + shared;
  }

  /** How many of them, the first ones, belong to one thread each. */
  int unshared() {
    return own;
  }

  /** That of the caller's thread. */
  int mine() {
    return mine.get();
  }
}
