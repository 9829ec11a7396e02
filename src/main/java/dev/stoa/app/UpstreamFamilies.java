package dev.stoa.app;

import dev.stoa.observability.Metrics;
import dev.stoa.observability.Sample;
import dev.stoa.resilience.BreakerState;
import dev.stoa.resilience.GuardStatus;
import dev.stoa.service.ServiceClients;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Breakers, places and retry budgets as numbers, by upstream and by who calls it: the gateway, or
 * services each other.
 */
final class UpstreamFamilies {
  private static final List<String> LABELS = List.of("from", "upstream");

  private final Metrics metrics;
  private final Supplier<List<GuardStatus>> guards;

  private UpstreamFamilies(Metrics metrics, Supplier<List<GuardStatus>> guards) {
    this.metrics = metrics;
    this.guards = guards;
  }

  static void add(Metrics metrics, Supplier<List<GuardStatus>> guards) {
    UpstreamFamilies families = new UpstreamFamilies(metrics, guards);
    families.states();
    families.counts();
    families.places();
  }

  private void states() {
    metrics.gauges(
        "stoa_breaker_state",
        "1 for the state that the breaker of an upstream is in, 0 for the others.",
        List.of("from", "upstream", "state"),
        () ->
            guards.get().stream()
                .flatMap(
                    guard ->
                        Stream.of(BreakerState.values())
                            .map(
                                state ->
                                    Sample.of(
                                        state == guard.state() ? 1 : 0,
                                        from(guard),
                                        upstream(guard),
                                        state.text()))));
  }

  private void counts() {
    metrics.counters(
        "stoa_upstream_refused",
        "Attempts that were not made: the breaker was open, or there was no place.",
        List.of("from", "upstream", "reason"),
        () ->
            guards.get().stream()
                .flatMap(
                    guard ->
                        Stream.of(
                            Sample.of(guard.refused(), from(guard), upstream(guard), "breaker"),
                            Sample.of(
                                guard.overloaded(), from(guard), upstream(guard), "overload"))));
    metrics.counters(
        "stoa_upstream_retries",
        "Attempts beside the first of a request: after a failure, or beside one under way (hedge).",
        List.of("from", "upstream", "kind"),
        () ->
            guards.get().stream()
                .flatMap(
                    guard ->
                        Stream.of(
                            Sample.of(
                                guard.retries() - guard.hedges(),
                                from(guard),
                                upstream(guard),
                                "retry"),
                            Sample.of(guard.hedges(), from(guard), upstream(guard), "hedge"))));
    gauge("stoa_retry_budget_left", "Retries that may be made now.", GuardStatus::budget);
  }

  private void places() {
    gauge("stoa_bulkhead_running", "Attempts under way.", GuardStatus::running);
    gauge("stoa_bulkhead_waiting", "Requests that wait for a place.", GuardStatus::waiting);
    gauge(
        "stoa_bulkhead_limit",
        "Places for attempts, as the adaptive limit has it now.",
        GuardStatus::limit);
  }

  private void gauge(String name, String help, ToDoubleFunction<GuardStatus> value) {
    metrics.gauges(
        name,
        help,
        LABELS,
        () ->
            guards.get().stream()
                .map(guard -> Sample.of(value.applyAsDouble(guard), from(guard), upstream(guard))));
  }

  private static String from(GuardStatus guard) {
    return ServiceClients.guards(guard.upstream()) ? "services" : "gateway";
  }

  private static String upstream(GuardStatus guard) {
    Optional<String> called = ServiceClients.guarded(guard.upstream());
    return called.orElse(guard.upstream());
  }
}
