package dev.stoa.observability;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few numbers that only grow, in one piece of memory: what is added to by one request lies close
 * together, where a {@code LongAdder} for each would be several places each, none of which a
 * thousand routes leave in the caches. Safe on any thread, without locks.
 */
final class Counts {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

  /** What a line of a cache holds; lanes begin that far apart. */
  private static final int LINE = 64 / Long.BYTES;

  private final Lanes lanes;
  private final int stride;
  private final int shared;
  private final long[] cells;

  Counts(int size, Lanes lanes) {
    this.lanes = lanes;
    this.stride = (size + LINE - 1) / LINE * LINE;
    this.shared = stride * lanes.unshared();
    this.cells = new long[stride * lanes.count()];
  }

  /** Where the numbers of the caller's thread begin, for {@link #add}. */
  int mine() {
    return lanes.mine() * stride;
  }

  /**
   * Adds to one of them.
   *
   * @param mine as {@link #mine} says
   */
  void add(int mine, int index, long amount) {
    int at = mine + index;
    if (at < shared) {
      // Nobody else writes there. An atomic addition would wait until the line is here, and
      // everything after it, too; this one is noted and goes on.
      CELLS.setOpaque(cells, at, (long) CELLS.getOpaque(cells, at) + amount);
    } else {
      // A call without a result would be another signature, and slow.
      long before = (long) CELLS.getAndAdd(cells, at, amount);
    }
  }

  long sum(int index) {
    long sum = 0;
    for (int i = index; i < cells.length; i += stride) {
      sum += (long) CELLS.getVolatile(cells, i);
    }
    return sum;
  }
}
