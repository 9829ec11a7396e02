package dev.stoa.app;

import dev.stoa.observability.Metrics;
import dev.stoa.orders.InvariantSnapshot;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

/** What the checker of stock and money found last, as metrics; absent before its first look. */
final class InvariantGauges {
  private final AtomicReference<InvariantSnapshot> last = new AtomicReference<>();

  InvariantGauges(Metrics metrics) {
    gauge(
        metrics,
        "stoa_invariant_violations",
        "Promises about stock and money that are broken.",
        InvariantSnapshot::violations);
    gauge(
        metrics,
        "stoa_invariants_checked_timestamp_seconds",
        "When stock and money were checked last.",
        snapshot -> snapshot.checkedAt().getEpochSecond());
    gauge(
        metrics,
        "stoa_sagas_unfinished",
        "Orders with a step to take.",
        InvariantSnapshot::unfinishedSagas);
    gauge(
        metrics,
        "stoa_sagas_needing_attention",
        "Orders that wait for an operator.",
        InvariantSnapshot::needingAttention);
  }

  private void gauge(
      Metrics metrics, String name, String description, ToLongFunction<InvariantSnapshot> value) {
    metrics.gauge(
        name,
        description,
        Map.of(),
        () -> {
          InvariantSnapshot snapshot = last.get();
          return snapshot == null ? Double.NaN : value.applyAsLong(snapshot);
        });
  }

  void set(InvariantSnapshot snapshot) {
    last.set(snapshot);
  }
}
