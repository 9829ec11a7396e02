package dev.stoa.observability;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What rate limits decided, by limit, and whether all nodes decide together. Safe on any thread;
 * allocates nothing for a decision.
 */
public final class LimitMeter implements Collector {
  private static final String NAME = "stoa_rate_limit_decisions";
  private static final int MAX_LIMITS = TimeFamily.MAX_ROWS;

  private record Verdicts(
      LongAdder allowed, LongAdder refused, LongAdder allowedShared, LongAdder refusedShared) {
    Verdicts() {
      this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  private final Map<String, Verdicts> limits = new ConcurrentHashMap<>();

  LimitMeter() {}

  /**
   * Somebody asked.
   *
   * @param limit one of a bounded number of names
   * @param shared whether it was decided where all nodes decide, rather than by this process alone
   */
  public void decided(String limit, boolean allowed, boolean shared) {
    Verdicts verdicts = limits.get(limit);
    if (verdicts == null) {
      verdicts = make(limit);
    }
    if (shared) {
      (allowed ? verdicts.allowedShared : verdicts.refusedShared).increment();
    } else {
      (allowed ? verdicts.allowed : verdicts.refused).increment();
    }
  }

  /** Its own, or where there are too many that of all the others, which is found without a lock. */
  private Verdicts make(String limit) {
    String name = limits.size() < MAX_LIMITS ? limit : TimeFamily.OTHER;
    Verdicts known = limits.get(name);
    return known != null ? known : limits.computeIfAbsent(name, n -> new Verdicts());
  }

  /** What one limit decided since the start, whoever decided it. */
  public record Decisions(long allowed, long refused) {}

  /** Noughts for a limit that nobody asked yet. */
  public Decisions decisions(String limit) {
    Verdicts verdicts = limits.get(limit);
    return verdicts == null
        ? new Decisions(0, 0)
        : new Decisions(
            verdicts.allowed.sum() + verdicts.allowedShared.sum(),
            verdicts.refused.sum() + verdicts.refusedShared.sum());
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
        (limit, verdicts) -> {
          add(family, limit, "allowed", "local", verdicts.allowed);
          add(family, limit, "refused", "local", verdicts.refused);
          if (verdicts.allowedShared.sum() + verdicts.refusedShared.sum() > 0) {
            add(family, limit, "allowed", "shared", verdicts.allowedShared);
            add(family, limit, "refused", "shared", verdicts.refusedShared);
          }
        });
    return family.build();
  }

  private static void add(
      CounterSnapshot.Builder family, String limit, String verdict, String scope, LongAdder count) {
    family.dataPoint(
        CounterDataPointSnapshot.builder()
            .value(count.sum())
            .labels(Labels.of("limit", limit, "verdict", verdict, "scope", scope))
            .build());
  }
}
