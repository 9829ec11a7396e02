package dev.stoa.app;

import dev.stoa.config.ConfigStatus;
import dev.stoa.observability.ManagementConfig;
import dev.stoa.observability.ManagementServer;
import dev.stoa.observability.Metrics;
import dev.stoa.observability.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The process as its operators watch it: the management port and the numbers of the whole. */
final class Management {
  private final Vertx vertx;
  private final Metrics metrics;
  private final BooleanSupplier serving;
  private volatile ManagementServer server;

  Management(
      Vertx vertx, Metrics metrics, Supplier<ConfigStatus> configuration, BooleanSupplier serving) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.serving = serving;
    metrics.gauge(
        "stoa_config_stale",
        "1 while the newest configuration is refused and an older one goes on.",
        Map.of(),
        () -> configuration.get().stale() ? 1 : 0);
    metrics.gauge(
        "stoa_config_loaded_timestamp_seconds",
        "When the configuration in force came into force.",
        Map.of(),
        () -> configuration.get().loadedAt().getEpochSecond());
    metrics.gauge(
        "stoa_config_restart_needed",
        "How many changed keys wait for a restart.",
        Map.of(),
        () -> configuration.get().restartNeeded().size());
  }

  Future<Void> open(ManagementConfig config) {
    vertx.setPeriodic(Traffic.PERIOD.toMillis(), id -> metrics.traffic().sample());
    return ManagementServer.open(vertx, config, metrics, serving)
        .<Void>map(
            opened -> {
              server = opened;
              return null;
            })
        .recover(
            failure ->
                Future.failedFuture(new StartFailure("management", config.address(), failure)));
  }

  Future<Void> close() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
