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
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(Latencies[].class);

  private final List<String> labels;
  private final Lanes lanes;
  private final Latencies[] cells;

  TimeRow(List<String> labels, int columns, Lanes lanes) {
    this.labels = labels;
    this.lanes = lanes;
    this.cells = new Latencies[columns];
  }

  List<String> labels() {
    return labels;
  }

  void record(int column, long nanos) {
    Latencies cell = cell(column);
    if (cell == null) {
      CELLS.compareAndSet(cells, column, (Latencies) null, new Latencies(lanes));
      cell = cell(column);
    }
    cell.record(lanes.own(), nanos);
  }

  /** Null where there was none. */
  Latencies cell(int column) {
    return (Latencies) CELLS.getAcquire(cells, column);
  }

  /** Of these columns together. */
  Durations sum(IntPredicate columns) {
    Durations sum = Durations.NONE;
    for (int i = 0; i < cells.length; i++) {
      Latencies cell = cell(i);
      if (cell != null && columns.test(i)) {
        sum = sum.plus(cell.durations());
      }
    }
    return sum;
  }
}
