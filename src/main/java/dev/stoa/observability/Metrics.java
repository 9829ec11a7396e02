package dev.stoa.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VertxBuilder;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The numbers of this process, in Prometheus' text format. One per process; safe on any thread.
 * Names follow Prometheus' conventions: {@code stoa_…}, base units (seconds, bytes), counters end
 * in {@code _total}. Whoever adds labels sees to it that their values are few.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** An empty collection; {@link #watchProcess} adds the numbers of the JVM. */
  public Metrics() {}

  /** Adds memory, garbage collection, threads, processor time and open files of this process. */
  public Metrics watchProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
    return this;
  }

  /**
   * Lets a Vert.x that is about to be made count its pools here (workers, databases): in use,
   * waiting, how long. Its HTTP numbers stay off: {@link RequestMeter} counts requests with labels
   * that mean something here, at less cost.
   */
  public VertxBuilder watch(VertxBuilder vertx, io.vertx.core.VertxOptions options) {
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME))
            .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
            .addDisabledMetricsCategory(MetricsDomain.VERTICLES)
            .addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER)
            .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
            .addDisabledMetricsCategory(MetricsDomain.NET_SERVER)
            .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
            .addDisabledMetricsCategory(MetricsDomain.DATAGRAM_SOCKET);
    options.setMetricsOptions(metrics);
    return vertx.with(options).withMetrics(new MicrometerMetricsFactory(registry));
  }

  /**
   * Counts and times requests: {@code <name>_seconds} by route, method and class of status.
   *
   * @param name {@code stoa_gateway_requests}
   */
  public RequestMeter requests(String name, String description) {
    return new RequestMeter(registry, name, description);
  }

  /** Adds one to a counter, {@code name} without {@code _total}. */
  public void count(String name, Map<String, String> labels) {
    Counter.builder(name).tags(tags(labels)).register(registry).increment();
  }

  /** A number that is asked for when it is read. {@code value} must not block. */
  public void gauge(
      String name, String description, Map<String, String> labels, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).tags(tags(labels)).register(registry);
  }

  /** All numbers, in Prometheus' text format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private static List<Tag> tags(Map<String, String> labels) {
    return labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList();
  }
}
