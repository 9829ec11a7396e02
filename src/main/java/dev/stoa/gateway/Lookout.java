package dev.stoa.gateway;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.edge.Admission;
import dev.stoa.observability.Telemetry;
import dev.stoa.resilience.Resilience;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What this process keeps in sight for its operators: what went through the routes lately, and
 * which states have changed. It looks every second, also while nobody asks, so that whoever comes
 * sees the minutes before. One per process, shared by its gateways; safe on any thread.
 */
public final class Lookout {
  /** Where the map is. */
  static final String PATH = "/api/admin/traffic";

  /** Where services tell of orders; see {@code dev.stoa.service.Outbox}. */
  private static final String ORDER_EVENTS = "stoa.events.orders";

  private static final String SAGA_EVENT = "saga.";
  private static final long LOOK_MILLIS = 1_000;
  private static final int LOOKS_PER_REPORT = 2;

  /** Five minutes of reports. */
  private static final int HISTORY = 150;

  private final Vertx vertx;
  private final Resilience resilience;
  private final Live<GatewayConfig> config;
  private final Admission connections;
  private final StateWatch watch;
  private final TrafficReport report;
  private final StateLog log = new StateLog();
  private final AtomicBoolean open = new AtomicBoolean();
  private final List<Consumer<String>> readers = new CopyOnWriteArrayList<>();

  // On the event loop that looks.
  private final Deque<JsonObject> history = new ArrayDeque<>();
  private long looks;

  private volatile JsonArray latestHistory = new JsonArray();

  /** What was made of the latest look, where somebody has asked since. */
  private volatile Optional<JsonObject> latest = Optional.empty();

  /**
   * Looks at nothing yet.
   *
   * @param configuration the state of the configuration: {@code status}, {@code revision}
   * @param stopping whether the process is shutting down
   */
  public Lookout(
      Vertx vertx,
      Live<GatewayConfig> config,
      Admission connections,
      InstancePools pools,
      Resilience resilience,
      Telemetry telemetry,
      Supplier<JsonObject> configuration,
      BooleanSupplier stopping) {
    this.vertx = vertx;
    this.resilience = resilience;
    this.config = config;
    this.connections = connections;
    this.watch = new StateWatch(resilience.node(), pools, configuration, stopping);
    this.report = new TrafficReport(telemetry.metrics().traffic()::flows, pools, resilience);
  }

  /**
   * Begins to look, on the event loop of the verticle that is the first to say so, for as long as
   * that is deployed.
   */
  void open() {
    if (open.compareAndSet(false, true)) {
      vertx.setPeriodic(LOOK_MILLIS, id -> look());
      vertx.eventBus().<JsonObject>consumer(Resilience.BREAKER_EVENTS, m -> breaker(m.body()));
      vertx.eventBus().<JsonObject>consumer(ORDER_EVENTS, message -> order(message.body()));
      look();
    }
  }

  StateLog log() {
    return log;
  }

  /** The map, and the gateway as a whole in the minutes before, the oldest first. */
  JsonObject now() {
    return latest().copy().put("history", latestHistory);
  }

  /** The map of this moment as an event of a stream. */
  String event() {
    return EventStream.event(null, "traffic", latest());
  }

  /**
   * Tells each new map, as {@link #event}.
   *
   * @return ends it
   */
  Runnable follow(Consumer<String> reader) {
    Consumer<String> own = reader::accept;
    readers.add(own);
    return () -> readers.remove(own);
  }

  private void look() {
    watch.look().forEach(log::add);
    if (looks++ % LOOKS_PER_REPORT == 0) {
      report();
    }
  }

  /**
   * The map itself is made for those who follow, or once somebody asks: for a thousand routes it is
   * a megabyte, which would be kept until the next and be in the way of every collection.
   */
  private void report() {
    history.addLast(report.gateway().put("at", Instant.now().toString()));
    if (history.size() > HISTORY) {
      history.removeFirst();
    }
    latestHistory = new JsonArray(List.copyOf(history));
    latest = Optional.empty();
    if (!readers.isEmpty()) {
      String event = event();
      readers.forEach(reader -> reader.accept(event));
    }
  }

  /** No older than the last look; two who ask at once may make it twice. */
  private JsonObject latest() {
    Optional<JsonObject> known = latest;
    if (known.isEmpty()) {
      known =
          Optional.of(
              new JsonObject()
                  .put("node", resilience.node())
                  .put("at", Instant.now().toString())
                  .put("connections", connections.open())
                  .mergeIn(report.look(config.get().routes().routes())));
      latest = known;
    }
    return known.get();
  }

  private void breaker(JsonObject event) {
    long millis = event.getLong("open_for_ms", 0L);
    String openFor = "no call for " + TimeUnit.MILLISECONDS.toSeconds(millis) + " s";
    log.add(
        new StateChange(
            Instant.parse(event.getString("at")),
            event.getString("node"),
            "breaker",
            event.getString("upstream"),
            event.getString("from"),
            event.getString("to"),
            millis > 0 ? openFor : ""));
  }

  /** Of the many things that happen to orders, those that somebody has to look at. */
  private void order(JsonObject event) {
    String type = event.getString("type", "");
    if (type.startsWith(SAGA_EVENT)) {
      log.add(
          new StateChange(
              Instant.parse(event.getString("at")),
              resilience.node(),
              "saga",
              event.getString("subject"),
              "",
              type.substring(SAGA_EVENT.length()),
              event.getJsonObject("data", new JsonObject()).getString("reason", "")));
    }
  }
}
