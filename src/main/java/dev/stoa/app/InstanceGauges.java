package dev.stoa.app;

import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.InstanceStatus;
import dev.stoa.discovery.InstanceStatus.Health;
import dev.stoa.observability.Metrics;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * How the instances do that this process calls, as numbers. Summed up, since instances come and go
 * and each would leave a label behind; which one it is says the log.
 */
final class InstanceGauges {
  private final InstancePools pools;

  private InstanceGauges(InstancePools pools) {
    this.pools = pools;
  }

  static void add(Metrics metrics, InstancePools pools) {
    InstanceGauges gauges = new InstanceGauges(pools);
    metrics.gauge(
        "stoa_instances_in_flight",
        "Requests that instances of services have not answered in full yet.",
        Map.of(),
        () -> gauges.sum(InstanceStatus::inFlight));
    metrics.gauge(
        "stoa_instances_ejected",
        "Instances that are left out because their requests failed.",
        Map.of(),
        () -> gauges.sum(status -> status.ejectedUntil().isPresent() ? 1 : 0));
    metrics.gauge(
        "stoa_instances_unhealthy",
        "Instances that are left out because health checks failed.",
        Map.of(),
        () -> gauges.sum(status -> status.health() == Health.UNHEALTHY ? 1 : 0));
  }

  private int sum(ToIntFunction<InstanceStatus> number) {
    return pools.all().stream().flatMap(pool -> pool.statuses().stream()).mapToInt(number).sum();
  }
}
