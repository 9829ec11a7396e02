package dev.stoa.discovery;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Set;

/** What the configuration lists. Always there, always right. */
final class StaticDirectory implements Directory {
  private final StaticConfig config;

  StaticDirectory(StaticConfig config) {
    this.config = config;
  }

  @Override
  public void open(Reports reports) {
    reports.read(new Reading(config.instances(), config.services(), Set.of()));
  }

  @Override
  public Future<Void> announce(ServiceInstance instance) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> withdraw(ServiceInstance instance) {
    return Future.succeededFuture();
  }

  @Override
  public void askAgain() {
    // It would say the same.
  }

  @Override
  public Duration confirmAfter() {
    return Duration.ZERO;
  }

  @Override
  public Duration settleTime() {
    return Duration.ZERO;
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
