package dev.stoa.observability;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few numbers that only grow, in one piece of memory for each thread that counts: what is added
 * to by one request lies close together, where a {@code LongAdder} for each would be several places
 * each, none of which a thousand routes leave in the caches. Safe on any thread, without locks.
 *
 * <p>What is counted with each request extends it, so that its numbers are one place nearer.
 */
class Counts {
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
  final Counts from(int index) {
    return new Counts(lanes, cells, first + index, end);
  }

  /**
   * Where these numbers are for one thread that has its lane to itself, to be added to without
   * coming by anything else. On another thread it must not be used.
   *
   * @param lane that of the thread
   * @param first the index of the first of these numbers
   */
  record Own(Lanes lanes, int lane, long[] cells, int first) {

    /** Whether the caller is that thread. */
    boolean isMine() {
      return lanes.mine() == lane;
    }

    void add(int index, long amount) {
      addAlone(cells, first + index, amount);
    }
  }

  /** Those of the caller's thread; null where it has no lane to itself, or added nothing yet. */
  final Own own() {
    int lane = lanes.mine();
    long[] known = lane < lanes.unshared() ? cells[lane] : null;
    return known == null ? null : new Own(lanes, lane, known, first);
  }

  /** The lane of the caller's thread, for {@link #add}. */
  final int lane() {
    return lanes.mine();
  }

  /**
   * Adds to one of them.
   *
   * @param lane as {@link #lane} says
   */
  final void add(int lane, int index, long amount) {
    long[] known = cells[lane];
    long[] own = known != null ? known : make(lane);
    if (lane < lanes.unshared()) {
      addAlone(own, first + index, amount);
    } else {
      // A call without a result would be another signature, and slow.
      long before = (long) CELLS.getAndAdd(own, first + index, amount);
    }
  }

  /**
   * Nobody else writes there. An atomic addition would wait until the line is here, and everything
   * after it, too; this one is noted and goes on.
   */
  private static void addAlone(long[] own, int at, long amount) {
    CELLS.setOpaque(own, at, (long) CELLS.getOpaque(own, at) + amount);
  }

  private long[] make(int lane) {
    LANES.compareAndSet(cells, lane, (long[]) null, new long[end]);
    return (long[]) LANES.getAcquire(cells, lane);
  }

  final long sum(int index) {
    long sum = 0;
    for (int lane = 0; lane < cells.length; lane++) {
      long[] own = (long[]) LANES.getAcquire(cells, lane);
      sum += own == null ? 0 : (long) CELLS.getVolatile(own, first + index);
    }
    return sum;
  }
}
