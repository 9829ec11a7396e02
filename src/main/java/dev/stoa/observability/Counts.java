package dev.stoa.observability;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few numbers that only grow, in one piece of memory for each thread that counts: what is added
 * to by one request lies close together, where a {@code LongAdder} for each would be several places
 * each, none of which a thousand routes leave in the caches. Safe on any thread, without locks.
 */
final class Counts {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle LANES = MethodHandles.arrayElementVarHandle(long[][].class);

  private final Lanes lanes;
  private final long[][] cells; // by lane, made with the first addition there
  private final int first;
  private final int end;

  /** So many, all nought. */
  Counts(int size, Lanes lanes) {
    this(lanes, new long[lanes.count()][], 0, size);
  }

  private Counts(Lanes lanes, long[][] cells, int first, int end) {
    this.lanes = lanes;
    this.cells = cells;
    this.first = first;
    this.end = end;
  }

  /** Those from an index on, by themselves. */
  Counts from(int index) {
    return new Counts(lanes, cells, first + index, end);
  }

  /** The lane of the caller's thread, for {@link #add}. */
  int lane() {
    return lanes.mine();
  }

  /**
   * Adds to one of them.
   *
   * @param lane as {@link #lane} says
   */
  void add(int lane, int index, long amount) {
    long[] known = cells[lane];
    long[] own = known != null ? known : make(lane);
    if (lane < lanes.unshared()) {
      // Nobody else writes there. An atomic addition would wait until the line is here, and
      // everything after it, too; this one is noted and goes on.
      CELLS.setOpaque(own, first + index, (long) CELLS.getOpaque(own, first + index) + amount);
    } else {
      // A call without a result would be another signature, and slow.
      long before = (long) CELLS.getAndAdd(own, first + index, amount);
    }
  }

  private long[] make(int lane) {
    LANES.compareAndSet(cells, lane, (long[]) null, new long[end]);
    return (long[]) LANES.getAcquire(cells, lane);
  }

  long sum(int index) {
    long sum = 0;
    for (int lane = 0; lane < cells.length; lane++) {
      long[] own = (long[]) LANES.getAcquire(cells, lane);
      sum += own == null ? 0 : (long) CELLS.getVolatile(own, first + index);
    }
    return sum;
  }
}
