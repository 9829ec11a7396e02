package dev.stoa.observability;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The durations of one thing (a route, an upstream), apart by what became of it: a histogram for
 * each outcome that there was. Safe on any thread.
 */
final class TimeRow {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(Counts[].class);

  private final List<String> labels;
  private final Lanes lanes;
  private final Counts[] cells;

  TimeRow(List<String> labels, int columns, Lanes lanes) {
    this.labels = labels;
    this.lanes = lanes;
    this.cells = new Counts[columns];
  }

  List<String> labels() {
    return labels;
  }

  void record(int column, long nanos) {
    Latencies.record(counts(column), nanos);
  }

  /** Where what became so is counted; always the same. */
  Counts counts(int column) {
    Counts known = cell(column);
    return known != null ? known : counts(column, new Counts(Latencies.size(), lanes));
  }

  /** The same: there, if it was nowhere before; always the same. */
  Counts counts(int column, Counts there) {
    CELLS.compareAndSet(cells, column, (Counts) null, there);
    return cell(column);
  }

  /** Null where there was none. */
  Counts cell(int column) {
    return (Counts) CELLS.getAcquire(cells, column);
  }

  /** Of these columns together. */
  Durations sum(IntPredicate columns) {
    Durations sum = Durations.NONE;
    for (int i = 0; i < cells.length; i++) {
      Counts cell = cell(i);
      if (cell != null && columns.test(i)) {
        sum = sum.plus(Latencies.durations(cell));
      }
    }
    return sum;
  }
}
