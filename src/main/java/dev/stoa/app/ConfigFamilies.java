package dev.stoa.app;

import dev.stoa.config.ConfigStatus;
import dev.stoa.config.Configuration;
import dev.stoa.config.StoreStatus;
import dev.stoa.observability.Metrics;
import dev.stoa.observability.Sample;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How the configuration of this process stands, as numbers. */
final class ConfigFamilies {
  private final Metrics metrics;
  private final Configuration<StoaConfig> configuration;

  private ConfigFamilies(Metrics metrics, Configuration<StoaConfig> configuration) {
    this.metrics = metrics;
    this.configuration = configuration;
  }

  static void add(Metrics metrics, Configuration<StoaConfig> configuration) {
    ConfigFamilies families = new ConfigFamilies(metrics, configuration);
    families.gauge(
        "stoa_config_stale",
        "1 while the newest configuration is refused and an older one goes on.",
        status -> status.stale() ? 1 : 0);
    families.gauge(
        "stoa_config_loaded_timestamp_seconds",
        "When the configuration in force came into force.",
        status -> status.loadedAt().getEpochSecond());
    families.gauge(
        "stoa_config_restart_needed",
        "How many changed keys wait for a restart.",
        status -> status.restartNeeded().size());
    metrics.gauge(
        "stoa_config_store_away",
        "1 while the central store is used and is away or empty, so that what it said last holds.",
        Map.of(),
        () ->
            configuration.store().stream()
                .filter(store -> store.state() != StoreStatus.State.ANSWERING)
                .count());
    metrics.gauges(
        "stoa_config_revision",
        "1, with the revision in force, and a hash of it that agreeing nodes have in common.",
        List.of("revision", "checksum"),
        () -> {
          ConfigStatus status = configuration.status();
          return Stream.of(Sample.of(1, status.revision(), status.checksum()));
        });
    metrics.counters(
        "stoa_config_reloads",
        "Configurations that came into force since the start, and those that were refused.",
        List.of("outcome"),
        () ->
            Stream.of(
                Sample.of(configuration.applied(), "applied"),
                Sample.of(configuration.refused(), "refused")));
  }

  private void gauge(String name, String help, ToDoubleFunction<ConfigStatus> value) {
    metrics.gauge(name, help, Map.of(), () -> value.applyAsDouble(configuration.status()));
  }
}
