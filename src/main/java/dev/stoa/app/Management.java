package dev.stoa.app;

import dev.stoa.config.Configuration;
import dev.stoa.observability.ManagementConfig;
import dev.stoa.observability.ManagementServer;
import dev.stoa.observability.Metrics;
import dev.stoa.observability.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;

/** The process as its operators watch it: the management port and the numbers of the whole. */
final class Management {
  private final Vertx vertx;
  private final Metrics metrics;
  private final BooleanSupplier serving;
  private volatile ManagementServer server;

  Management(
      Vertx vertx,
      Metrics metrics,
      Configuration<StoaConfig> configuration,
      BooleanSupplier serving) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.serving = serving;
    ConfigFamilies.add(metrics, configuration);
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
