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
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The numbers of this process, in Prometheus' text format. One per process; safe on any thread.
 * Names follow Prometheus' conventions: {@code stoa_…}, base units (seconds, bytes), counters end
 * in {@code _total}. Whoever adds labels sees to it that their values are few.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Lanes lanes = new Lanes();
  private final RequestMeter requests =
      new RequestMeter(
          "stoa_gateway_request_duration_seconds",
          "Requests that the gateway answered, from the head of the request to the end of the"
              + " answer.",
          lanes);
  private final OperationMeter operations =
      new OperationMeter(
          "stoa_service_operation_duration_seconds",
          "Calls that the services of this process answered.",
          lanes);
  private final Map<String, AttemptMeter> attempts;
  private final LimitMeter limits = new LimitMeter(lanes);
  private final Traffic traffic;
  private final OpenCount upstreamConnections = new OpenCount();
  private final TimeFamily eventLoops =
      new TimeFamily(
          "stoa_event_loop_delay_seconds",
          "How late a task came that was due on an event loop.",
          List.of(),
          List.of(List.of()),
          lanes);
  private final TimeFamily sagaSteps =
      new TimeFamily(
          "stoa_saga_step_duration_seconds",
          "Steps of orders' sagas, by what came of them.",
          List.of("step", "outcome"),
          List.of(List.of()),
          lanes);
  private final Board sagas =
      new Board(
          "stoa_sagas",
          "Orders amid a step, by the step and whether they wait for an operator.",
          List.of("step", "state"));
  private final Board outboxEvents =
      new Board(
          "stoa_outbox_events", "Events that are written and not told yet.", List.of("service"));
  private final Board outboxAge =
      new Board(
          "stoa_outbox_oldest_age_seconds",
          "The age of the oldest event that is not told yet; 0 where there is none.",
          List.of("service"));
  private volatile EventLoopWatch loopWatch;

  /** What the system counts itself; {@link #watchProcess} adds the numbers of the JVM. */
  public Metrics() {
    // One says its unit in a way of its own, the other is no count of anything that happened.
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    TimeFamily family =
        AttemptMeter.family(
            "stoa_upstream_attempt_duration_seconds",
            "Attempts at upstreams, until the head of the answer or the failure.",
            lanes);
    attempts =
        Map.of(
            "gateway", new AttemptMeter("gateway", family, lanes),
            "services", new AttemptMeter("services", family, lanes));
    traffic = new Traffic(requests, attempts, operations);
    Stream.of(
            requests.family(),
            operations.family(),
            family,
            limits,
            eventLoops,
            sagaSteps,
            sagas,
            outboxEvents,
            outboxAge)
        .forEach(registry.getPrometheusRegistry()::register);
    gauge(
        "stoa_upstream_connections",
        "Connections of the gateway to upstreams, in use or idle.",
        Map.of(),
        upstreamConnections::open);
  }

  /**
   * Adds memory, garbage collection, threads, processor time, open files and the delay of event
   * loops of this process.
   */
  public Metrics watchProcess(Vertx vertx) {
    loopWatch = EventLoopWatch.start(vertx, eventLoops.make("", List.of()));
    ProcessTime.bind(this);
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

  /** Requests at the gateway. */
  public RequestMeter gatewayRequests() {
    return requests;
  }

  /** Attempts that the gateway makes at upstreams. */
  public AttemptMeter gatewayAttempts() {
    return attempts.get("gateway");
  }

  /** Attempts that services make at each other, and the gateway at user-service for logins. */
  public AttemptMeter serviceAttempts() {
    return attempts.get("services");
  }

  /** Calls of the services that run here. */
  public OperationMeter operations() {
    return operations;
  }

  /** What rate limits decide. */
  public LimitMeter limits() {
    return limits;
  }

  /** Connections of the gateway to upstreams. */
  public OpenCount upstreamConnections() {
    return upstreamConnections;
  }

  /** A step of an order's saga is over. */
  public void sagaStep(String step, String outcome, long nanos) {
    sagaSteps.make(step + " " + outcome, List.of(step, outcome)).record(0, nanos);
  }

  /** Orders amid a step: {@code step, state}. */
  public Board sagas() {
    return sagas;
  }

  /** Events that wait to be told, by service. */
  public Board outboxEvents() {
    return outboxEvents;
  }

  /** The age in seconds of the oldest of them, by service. */
  public Board outboxAge() {
    return outboxAge;
  }

  /** What goes through now, for whoever draws it. */
  public Traffic traffic() {
    return traffic;
  }

  /** Adds to a counter, {@code name} without {@code _total}. */
  public void count(String name, String description, Map<String, String> labels, double amount) {
    Counter.builder(name)
        .description(description)
        .tags(tags(labels))
        .register(registry)
        .increment(amount);
  }

  /** A number that is asked for when it is read. {@code value} must not block. */
  public void gauge(
      String name, String description, Map<String, String> labels, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).tags(tags(labels)).register(registry);
  }

  /**
   * A family of gauges that are asked for when they are read, so that series end with what they are
   * about.
   *
   * @param labels their names; each sample has their values in the same order
   * @param samples must not block
   */
  public void gauges(
      String name, String description, List<String> labels, Supplier<Stream<Sample>> samples) {
    registry
        .getPrometheusRegistry()
        .register(new SampledFamily(name, description, false, labels, samples));
  }

  /**
   * The same of counters that somebody else keeps.
   *
   * @param name without {@code _total}
   */
  public void counters(
      String name, String description, List<String> labels, Supplier<Stream<Sample>> samples) {
    registry
        .getPrometheusRegistry()
        .register(new SampledFamily(name, description, true, labels, samples));
  }

  /** All numbers, in Prometheus' text format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    if (loopWatch != null) {
      loopWatch.close();
    }
    collections.close();
    registry.close();
  }

  private static List<Tag> tags(Map<String, String> labels) {
    return labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList();
  }
}
