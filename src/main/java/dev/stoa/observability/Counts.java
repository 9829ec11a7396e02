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

  private final int stride;
  private final long[] cells;

  Counts(int size, Lanes lanes) {
    this.stride = (size + LINE - 1) / LINE * LINE;
    this.cells = new long[stride * lanes.count()];
  }

  /**
   * Adds to one of them.
   *
   * @param lane the {@linkplain Lanes#own caller's}
   */
  void add(int lane, int index, long amount) {
    // A call without a result would be another signature, and slow.
    long before = (long) CELLS.getAndAdd(cells, lane * stride + index, amount);
  }

  long sum(int index) {
    long sum = 0;
    for (int i = index; i < cells.length; i += stride) {
      sum += (long) CELLS.getVolatile(cells, i);
    }
    return sum;
  }
}
