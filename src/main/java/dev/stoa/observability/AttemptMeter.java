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

  /** One upstream and its instances. */
  private record Upstream(TimeRow row, Map<String, TimeRow> instances) {}

  private final String from;
  private final TimeFamily family;
  private final Map<String, Upstream> upstreams = new ConcurrentHashMap<>();

  /**
   * Of those who call.
   *
   * @param from {@code gateway} or {@code services}
   */
  AttemptMeter(String from, TimeFamily family) {
    this.from = from;
    this.family = family;
  }

  static TimeFamily family(String name, String help) {
    return new TimeFamily(name, help, List.of("from", "upstream", "outcome"), COLUMNS);
  }

  /**
   * An answer has begun.
   *
   * @param upstream one of a bounded number of names
   * @param instance its id; empty where there is none to name
   */
  public void answered(String upstream, String instance, int status, long nanos) {
    record(upstream, instance, Math.max(0, StatusClass.of(status) - 1), nanos);
  }

  /** There is no answer, for this reason. */
  public void failed(String upstream, String instance, Failure failure, long nanos) {
    record(upstream, instance, failure.column(), nanos);
  }

  private void record(String upstream, String instance, int column, long nanos) {
    Upstream known = upstreams.get(upstream);
    if (known == null) {
      known = upstreams.size() < TimeFamily.MAX_ROWS ? make(upstream) : others();
    }
    known.row.record(column, nanos);
    if (!instance.isEmpty()) {
      TimeRow row = known.instances.get(instance);
      if (row == null) {
        if (known.instances.size() >= MAX_INSTANCES) {
          known.instances.clear(); // those in use come back
        }
        row =
            known.instances.computeIfAbsent(
                instance, id -> new TimeRow(List.of(id), COLUMNS.size()));
      }
      row.record(column, nanos);
    }
  }

  /** All that come when there are too many already; found without making its name. */
  private Upstream others() {
    Upstream known = upstreams.get(TimeFamily.OTHER);
    return known != null ? known : make(TimeFamily.OTHER);
  }

  private Upstream make(String upstream) {
    TimeRow row = family.make(from + " " + upstream, List.of(from, upstream));
    return upstreams.computeIfAbsent(
        upstream, name -> new Upstream(row, new ConcurrentHashMap<>()));
  }

  /** Each upstream's own row. */
  Map<String, TimeRow> rows() {
    Map<String, TimeRow> rows = new ConcurrentHashMap<>();
    upstreams.forEach((name, upstream) -> rows.put(name, upstream.row));
    return rows;
  }

  /** Each instance's row of an upstream. */
  Map<String, TimeRow> instances(String upstream) {
    Upstream known = upstreams.get(upstream);
    return known == null ? Map.of() : known.instances;
  }

  static boolean failed(int column) {
    return column >= StatusClass.SERVER_ERROR - 1 && column != Failure.ABANDONED.column();
  }
}
