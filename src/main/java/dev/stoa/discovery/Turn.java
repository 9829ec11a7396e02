package dev.stoa.discovery;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * How often somebody has picked: whose turn it is goes by that. All that a caller has of its own
 * where the rest of what it picks by is everybody's. Safe on any thread.
 */
public final class Turn {
  private static final AtomicIntegerFieldUpdater<Turn> NEXT =
      AtomicIntegerFieldUpdater.newUpdater(Turn.class, "next");

  private volatile int next;

  /** The index of the one whose turn it is, of so many; the next caller gets the next. */
  int take(int of) {
    return Math.floorMod(NEXT.getAndIncrement(this), of); // the count may wrap
  }

  /** The same, and it stays that one's turn. */
  int look(int of) {
    return Math.floorMod(next, of);
  }
}
