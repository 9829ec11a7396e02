package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which revision each node goes by: every process tells the others on the event bus, so that a node
 * that missed a change is noticed. Nothing is stored; who is silent for some beats is gone. A
 * process that is in no cluster hears itself alone.
 *
 * <p>What changes here is also an event at {@link #EVENTS}: {@code node, revision, checksum,
 * source, stale, loaded_at, at}. Safe on any thread.
 */
public final class ConfigPeers {
  /** Where a change of a node's revision, or of its being stale, is published. */
  public static final String EVENTS = "stoa.config.status";

  private static final String BEATS = "stoa.config.beat";
  private static final long LOOK_MILLIS = 1_000;
  private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(6);
  private static final int MAX_NODES = 1_000;

  /**
   * What one node goes by.
   *
   * @param checksum the same where nodes go by the same rules
   */
  public record Node(String node, String revision, String checksum, Instant loadedAt) {}

  private record Heard(Node node, long atNanos) {}

  private final Vertx vertx;
  private final String name;
  private final Configuration<?> configuration;
  private final String id = UUID.randomUUID().toString();
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();
  private MessageConsumer<JsonObject> consumer;
  private long timer = -1;
  private ConfigStatus told;

  /**
   * Not telling anybody yet.
   *
   * @param name what this process is called
   */
  public ConfigPeers(Vertx vertx, String name, Configuration<?> configuration) {
    this.vertx = vertx;
    this.name = name;
    this.configuration = configuration;
  }

  /** The configuration of this process. */
  public Configuration<?> configuration() {
    return configuration;
  }

  /** What this process is called. */
  public String name() {
    return name;
  }

  /** Begins to tell, and to listen. For one call, before {@link #close}. */
  public void start() {
    told = configuration.status();
    consumer = vertx.eventBus().<JsonObject>consumer(BEATS, this::hear);
    timer = vertx.setPeriodic(LOOK_MILLIS, any -> beat());
    beat();
  }

  /** Falls silent. */
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  /** This node first, then the others that can be heard, by name. */
  public List<Node> nodes() {
    long since = System.nanoTime() - GONE_NANOS;
    heard.values().removeIf(other -> other.atNanos - since < 0);
    List<Node> nodes = new ArrayList<>();
    heard.values().stream()
        .map(Heard::node)
        .sorted(Comparator.comparing(Node::node))
        .forEach(nodes::add);
    nodes.add(0, own(configuration.status()));
    return nodes;
  }

  private Node own(ConfigStatus status) {
    return new Node(name, status.revision(), status.checksum(), status.loadedAt());
  }

  private void beat() {
    ConfigStatus now = configuration.status();
    Node own = own(now);
    JsonObject beat =
        new JsonObject()
            .put("node", own.node)
            .put("revision", own.revision)
            .put("checksum", own.checksum)
            .put("loaded_at", own.loadedAt.toString());
    vertx.eventBus().publish(BEATS, beat.copy().put("id", id));
    if (!now.equals(told)) {
      told = now;
      vertx
          .eventBus()
          .publish(
              EVENTS,
              beat.put("source", now.source())
                  .put("stale", now.stale())
                  .put("at", Instant.now().toString()));
    }
  }

  private void hear(Message<JsonObject> message) {
    JsonObject beat = message.body();
    String from = beat.getString("id");
    if (!id.equals(from) && (heard.size() < MAX_NODES || heard.containsKey(from))) {
      Node node =
          new Node(
              beat.getString("node"),
              beat.getString("revision"),
              beat.getString("checksum"),
              Instant.parse(beat.getString("loaded_at")));
      heard.put(from, new Heard(node, System.nanoTime()));
    }
  }
}
