package dev.stoa.observability;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Gauges that cannot be asked for, because asking takes a while: whoever knows them tells them from
 * time to time. Safe on any thread.
 */
public final class Board implements Collector {
  private final Map<String, List<Sample>> told = new ConcurrentHashMap<>();
  private final SampledFamily family;

  Board(String name, String help, List<String> labels) {
    this.family = new SampledFamily(name, help, false, labels, this::samples);
  }

  /** These are now the numbers of {@code owner}, in the place of those told before. */
  public void tell(String owner, List<Sample> samples) {
    told.put(owner, List.copyOf(samples));
  }

  /** There is nothing to say of {@code owner} any more. */
  public void forget(String owner) {
    told.remove(owner);
  }

  private Stream<Sample> samples() {
    return told.values().stream().flatMap(List::stream);
  }

  @Override
  public String getPrometheusName() {
    return family.getPrometheusName();
  }

  @Override
  public MetricSnapshot collect() {
    return family.collect();
  }
}
