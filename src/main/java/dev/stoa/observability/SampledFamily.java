package dev.stoa.observability;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A family whose numbers somebody else keeps: they are asked for when metrics are read, so series
 * end with what they are about.
 */
final class SampledFamily implements Collector {
  private final String name;
  private final String help;
  private final boolean counter;
  private final List<String> labels;
  private final Supplier<Stream<Sample>> samples;

  SampledFamily(
      String name,
      String help,
      boolean counter,
      List<String> labels,
      Supplier<Stream<Sample>> samples) {
    if (!PrometheusNaming.isValidMetricName(name)) {
      throw new IllegalArgumentException("no metric may be called " + name);
    }
    this.name = name;
    this.help = help;
    this.counter = counter;
    this.labels = labels;
    this.samples = samples;
  }

  @Override
  public String getPrometheusName() {
    return name;
  }

  @Override
  public MetricSnapshot collect() {
    // Two of the same labels would spoil the whole answer.
    Map<List<String>, Double> points = new LinkedHashMap<>();
    samples.get().forEach(sample -> points.merge(sample.labels(), sample.value(), Double::sum));
    return counter ? counters(points) : gauges(points);
  }

  private MetricSnapshot counters(Map<List<String>, Double> points) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
    points.forEach(
        (values, value) ->
            family.dataPoint(
                CounterDataPointSnapshot.builder()
                    .value(value)
                    .labels(Labels.of(labels, values))
                    .build()));
    return family.build();
  }

  private MetricSnapshot gauges(Map<List<String>, Double> points) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
    points.forEach(
        (values, value) ->
            family.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .value(value)
                    .labels(Labels.of(labels, values))
                    .build()));
    return family.build();
  }
}
