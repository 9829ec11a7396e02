package dev.stoa.observability;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What rate limits decided, by limit, and whether all nodes decide together. Safe on any thread;
 * allocates nothing for a decision.
 */
public final class LimitMeter implements Collector {
  private static final String NAME = "stoa_rate_limit_decisions";
  private static final int MAX_LIMITS = TimeFamily.MAX_ROWS;

  /** What was decided of one limit; to be kept by whoever counts, so that nothing is looked up. */
  public static final class Row extends Counts {
    /** The last, next to what is counted of the same requests. */
    private static final int ALLOWED = 3;

    private static final int REFUSED = -1;
    private static final int SHARED = -2;

    private boolean taken; // the room behind

    private Row(Lanes lanes) {
      super(ALLOWED + 1 + Latencies.size(), lanes);
    }

    /** Somebody asked, as {@link LimitMeter#decided} says. */
    public void decided(boolean allowed, boolean shared) {
      add(lane(), column(allowed, shared), 1);
    }

    /** Room for durations beside it, for the one who asks first; else null. */
    synchronized Counts room() {
      Counts room = taken ? null : from(ALLOWED + 1);
      taken = true;
      return room;
    }

    private long sum(boolean allowed, boolean shared) {
      return sum(column(allowed, shared));
    }

    private static int column(boolean allowed, boolean shared) {
      return ALLOWED + (allowed ? 0 : REFUSED) + (shared ? SHARED : 0);
    }
  }

  private final Map<String, Row> limits = new ConcurrentHashMap<>();
  private final Lanes lanes;

  LimitMeter(Lanes lanes) {
    this.lanes = lanes;
  }

  /**
   * Somebody asked.
   *
   * @param limit one of a bounded number of names
   * @param shared whether it was decided where all nodes decide, rather than by this process alone
   */
  public void decided(String limit, boolean allowed, boolean shared) {
    row(limit).decided(allowed, shared);
  }

  /** Those of a limit; one that comes too late for its own gets that of all others. */
  public Row row(String limit) {
    Row known = limits.get(limit);
    return known != null ? known : make(limit);
  }

  /** Its own, or where there are too many that of all the others, which is found without a lock. */
  private Row make(String limit) {
    String name = limits.size() < MAX_LIMITS ? limit : TimeFamily.OTHER;
    Row known = limits.get(name);
    return known != null ? known : limits.computeIfAbsent(name, n -> new Row(lanes));
  }

  /** What one limit decided since the start, whoever decided it. */
  public record Decisions(long allowed, long refused) {}

  /** Noughts for a limit that nobody asked yet. */
  public Decisions decisions(String limit) {
    Row row = limits.get(limit);
    return row == null
        ? new Decisions(0, 0)
        : new Decisions(
            row.sum(true, false) + row.sum(true, true),
            row.sum(false, false) + row.sum(false, true));
  }

  @Override
  public String getPrometheusName() {
    return NAME;
  }

  @Override
  public MetricSnapshot collect() {
    CounterSnapshot.Builder family =
        CounterSnapshot.builder()
            .name(NAME)
            .help("Requests that a rate limit let pass or refused.");
    limits.forEach(
        (limit, row) -> {
          add(family, limit, "allowed", "local", row.sum(true, false));
          add(family, limit, "refused", "local", row.sum(false, false));
          if (row.sum(true, true) + row.sum(false, true) > 0) {
            add(family, limit, "allowed", "shared", row.sum(true, true));
            add(family, limit, "refused", "shared", row.sum(false, true));
          }
        });
    return family.build();
  }

  private static void add(
      CounterSnapshot.Builder family, String limit, String verdict, String scope, long count) {
    family.dataPoint(
        CounterDataPointSnapshot.builder()
            .value(count)
            .labels(Labels.of("limit", limit, "verdict", verdict, "scope", scope))
            .build());
  }
}
