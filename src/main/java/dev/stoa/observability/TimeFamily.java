package dev.stoa.observability;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Histograms of one name: a row for each thing that is timed, a column for each outcome. Columns
 * are fixed and rows are bounded, so nobody outside can make series. Micrometer's own timers would
 * do, but allocate for each request and cannot be read by the console. Safe on any thread.
 */
final class TimeFamily implements Collector {
  /**
   * Beyond it things are counted together as {@value #OTHER}. What is timed has a name in the
   * configuration, and whoever configures a thousand routes wants to see each.
   */
  static final int MAX_ROWS = 2_000;

  /** What they are called; no route, upstream or limit can have this name. */
  static final String OTHER = "(other)";

  private static final double NANOS = 1e9;
  private static final double[] BOUNDS = bounds();

  private final String name;
  private final String help;
  private final List<String> labels;
  private final List<List<String>> columns;
  private final Lanes lanes;
  private final ConcurrentHashMap<String, TimeRow> rows = new ConcurrentHashMap<>();
  private volatile TimeRow others;

  /**
   * No rows yet.
   *
   * @param name with its unit, {@code …_seconds}
   * @param labels of rows, then of columns
   * @param columns the values of the columns' labels
   */
  TimeFamily(
      String name, String help, List<String> labels, List<List<String>> columns, Lanes lanes) {
    this.name = name;
    this.help = help;
    this.labels = labels;
    this.columns = columns;
    this.lanes = lanes;
  }

  /** Null where there is none yet. */
  TimeRow find(String key) {
    return rows.get(key);
  }

  /** The row of this key, new with these values of its labels where there was none. */
  TimeRow make(String key, List<String> values) {
    TimeRow full = others;
    if (full != null) { // rows never become fewer
      TimeRow known = rows.get(key);
      return known != null ? known : full;
    }
    if (rows.size() >= MAX_ROWS && !rows.containsKey(key)) {
      List<String> names = values.stream().map(value -> OTHER).toList();
      full = rows.computeIfAbsent(OTHER, k -> row(names));
      others = full;
      return full;
    }
    return rows.computeIfAbsent(key, k -> row(values));
  }

  private TimeRow row(List<String> values) {
    return new TimeRow(values, columns.size(), lanes);
  }

  Collection<TimeRow> rows() {
    return rows.values();
  }

  @Override
  public String getPrometheusName() {
    return name;
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder family = HistogramSnapshot.builder().name(name).help(help);
    for (TimeRow row : rows.values()) {
      for (int column = 0; column < columns.size(); column++) {
        Counts cell = row.cell(column);
        if (cell != null) {
          family.dataPoint(point(row, column, Latencies.durations(cell)));
        }
      }
    }
    return family.build();
  }

  private HistogramDataPointSnapshot point(TimeRow row, int column, Durations durations) {
    List<String> values =
        Stream.concat(row.labels().stream(), columns.get(column).stream()).toList();
    HistogramDataPointSnapshot.Builder point =
        HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, durations.counts()));
    point.sum(durations.sumNanos() / NANOS);
    return point.labels(Labels.of(labels, values)).build();
  }

  private static double[] bounds() {
    double[] bounds = new double[Latencies.buckets()];
    for (int i = 0; i < bounds.length - 1; i++) {
      bounds[i] = Latencies.upperBound(i) / NANOS;
    }
    bounds[bounds.length - 1] = Double.POSITIVE_INFINITY;
    return bounds;
  }
}
