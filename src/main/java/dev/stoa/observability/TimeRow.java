package dev.stoa.observability;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;

/**
 * The durations of one thing (a route, an upstream), apart by what became of it: a histogram for
 * each outcome that there was. Safe on any thread.
 */
final class TimeRow {
  private final List<String> labels;
  private final AtomicReferenceArray<Latencies> cells;

  TimeRow(List<String> labels, int columns) {
    this.labels = labels;
    this.cells = new AtomicReferenceArray<>(columns);
  }

  List<String> labels() {
    return labels;
  }

  void record(int column, long nanos) {
    Latencies cell = cells.get(column);
    if (cell == null) {
      cells.compareAndSet(column, null, new Latencies());
      cell = cells.get(column);
    }
    cell.record(nanos);
  }

  /** Null where there was none. */
  Latencies cell(int column) {
    return cells.get(column);
  }

  /** Of these columns together. */
  Durations sum(IntPredicate columns) {
    Durations sum = Durations.NONE;
    for (int i = 0; i < cells.length(); i++) {
      Latencies cell = cells.get(i);
      if (cell != null && columns.test(i)) {
        sum = sum.plus(cell.durations());
      }
    }
    return sum;
  }
}
