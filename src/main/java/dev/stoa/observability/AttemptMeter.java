package dev.stoa.observability;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Rate, errors and duration of attempts at upstreams, by upstream and outcome; and by instance,
 * which only the console sees: instances come and go, and each would leave series behind. The
 * duration is that until the head of the answer, or until it failed. Safe on any thread; allocates
 * nothing for an attempt.
 */
public final class AttemptMeter {
  private static final int MAX_INSTANCES = 1_000;

  /** How an attempt failed that got no answer. */
  public enum Failure {
    CONNECT,
    TIMEOUT,
    BROKEN,
    /** Not the upstream's failure: the client went away, or another attempt was faster. */
    ABANDONED;

    /** {@code timeout}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private int column() {
      return StatusClass.NAMES.size() - 1 + ordinal();
    }
  }

  private static final List<List<String>> COLUMNS =
      Stream.concat(
              StatusClass.NAMES.stream().skip(1), Stream.of(Failure.values()).map(Failure::text))
          .map(List::of)
          .toList();

  /** The numbers of one upstream; to be kept by whoever counts, so that nothing is looked up. */
  public static final class Row {
    private final TimeRow row;
    private final Lanes lanes;
    private final Map<String, TimeRow> instances = new ConcurrentHashMap<>();

    private Row(TimeRow row, Lanes lanes) {
      this.row = row;
      this.lanes = lanes;
    }

    /**
     * An answer has begun.
     *
     * @param instance its id; empty where there is none to name
     */
    public void answered(String instance, int status, long nanos) {
      record(instance, Math.max(0, StatusClass.of(status) - 1), nanos);
    }

    /** There is no answer, for this reason. */
    public void failed(String instance, Failure failure, long nanos) {
      record(instance, failure.column(), nanos);
    }

    private void record(String instance, int column, long nanos) {
      row.record(column, nanos);
      if (!instance.isEmpty()) {
        TimeRow own = instances.get(instance);
        (own != null ? own : make(instance)).record(column, nanos);
      }
    }

    private TimeRow make(String instance) {
      if (instances.size() >= MAX_INSTANCES) {
        instances.clear(); // those in use come back
      }
      return instances.computeIfAbsent(
          instance, id -> new TimeRow(List.of(id), COLUMNS.size(), lanes));
    }
  }

  private final String from;
  private final TimeFamily family;
  private final Lanes lanes;
  private final Map<String, Row> upstreams = new ConcurrentHashMap<>();

  /**
   * Of those who call.
   *
   * @param from {@code gateway} or {@code services}
   */
  AttemptMeter(String from, TimeFamily family, Lanes lanes) {
    this.from = from;
    this.family = family;
    this.lanes = lanes;
  }

  static TimeFamily family(String name, String help, Lanes lanes) {
    return new TimeFamily(name, help, List.of("from", "upstream", "outcome"), COLUMNS, lanes);
  }

  /**
   * An answer has begun.
   *
   * @param upstream one of a bounded number of names
   * @param instance its id; empty where there is none to name
   */
  public void answered(String upstream, String instance, int status, long nanos) {
    row(upstream).answered(instance, status, nanos);
  }

  /** There is no answer, for this reason. */
  public void failed(String upstream, String instance, Failure failure, long nanos) {
    row(upstream).failed(instance, failure, nanos);
  }

  /** Those of an upstream; one that comes too late for its own gets that of all others. */
  public Row row(String upstream) {
    Row known = upstreams.get(upstream);
    if (known != null) {
      return known;
    }
    return upstreams.size() < TimeFamily.MAX_ROWS ? make(upstream) : others();
  }

  /** All that come when there are too many already; found without making its name. */
  private Row others() {
    Row known = upstreams.get(TimeFamily.OTHER);
    return known != null ? known : make(TimeFamily.OTHER);
  }

  private Row make(String upstream) {
    TimeRow row = family.make(from + " " + upstream, List.of(from, upstream));
    return upstreams.computeIfAbsent(upstream, name -> new Row(row, lanes));
  }

  /** Each upstream's own row. */
  Map<String, TimeRow> rows() {
    Map<String, TimeRow> rows = new ConcurrentHashMap<>();
    upstreams.forEach((name, upstream) -> rows.put(name, upstream.row));
    return rows;
  }

  /** Each instance's row of an upstream. */
  Map<String, TimeRow> instances(String upstream) {
    Row known = upstreams.get(upstream);
    return known == null ? Map.of() : known.instances;
  }

  static boolean failed(int column) {
    return column >= StatusClass.SERVER_ERROR - 1 && column != Failure.ABANDONED.column();
  }
}
