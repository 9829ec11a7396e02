package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A Consul agent. */
final class ConsulDirectory implements Directory {
  /** Who watches by blocking queries learns of a change within 20 ms, by the bridge within 2 s. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final ConsulApi api;
  private final ConsulRegistrations registrations;
  private final ConsulImport imported;

  ConsulDirectory(Vertx vertx, ConsulConfig config) {
    this.api = ConsulApi.forServices(vertx, config);
    this.registrations = new ConsulRegistrations(vertx, config, api);
    this.imported =
        switch (config.importMode()) {
          case BLOCKING_QUERY -> new ConsulWatches(vertx, config, api);
          case BRIDGE -> new ConsulBridge(vertx, config, api);
        };
  }

  @Override
  public void open(Reports reports) {
    imported.open(
        new Reports() {
          private boolean away;

          @Override
          public void read(Reading reading) {
            if (away) {
              away = false;
              registrations.lookSoon();
            }
            reports.read(reading);
          }

          @Override
          public void away(Throwable cause) {
            away = true;
            reports.away(cause);
          }

          @Override
          public void restarted() {
            reports.restarted();
            registrations.lookSoon();
          }
        });
  }

  @Override
  public Future<Void> announce(ServiceInstance instance) {
    return registrations.announce(instance);
  }

  @Override
  public Future<Void> withdraw(ServiceInstance instance) {
    return registrations.withdraw(instance.id());
  }

  @Override
  public void askAgain() {
    imported.askAgain();
  }

  @Override
  public Duration confirmAfter() {
    return imported.confirmAfter();
  }

  @Override
  public Duration settleTime() {
    return SETTLE;
  }

  @Override
  public Future<Void> close() {
    return imported.close().eventually(registrations::close).eventually(api::close);
  }
}
