package dev.stoa.app;

import dev.stoa.config.ConfigPeers;
import dev.stoa.discovery.Discovery;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.ServiceInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the other members of the cluster still send requests to the instances of one that leaves.
 * They are asked, and answer by what they would pick from: so who leaves knows that nobody comes
 * any more, rather than hopes so. Safe on any thread.
 */
final class LettingGo {
  private static final String ASKED = "stoa.drain.asked";
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Vertx vertx;
  private final Discovery registry;
  private final InstancePools pools;
  private final ConfigPeers peers;
  private MessageConsumer<JsonObject> consumer;

  LettingGo(Vertx vertx, Discovery registry, InstancePools pools, ConfigPeers peers) {
    this.vertx = vertx;
    this.registry = registry;
    this.pools = pools;
    this.peers = peers;
  }

  /** Begins to answer others. */
  void start() {
    consumer = vertx.eventBus().<JsonObject>consumer(ASKED, this::answer);
  }

  Future<Void> close() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private void answer(Message<JsonObject> message) {
    JsonObject asked = message.body();
    Set<Object> leaving = new HashSet<>();
    asked.getJsonArray("instances").forEach(leaving::add);
    long held =
        registry.catalog().services().stream()
            .flatMap(service -> pools.of(service).statuses().stream())
            .filter(status -> leaving.contains(status.instance().id()))
            .count();
    vertx
        .eventBus()
        .send(
            asked.getString("answer_to"),
            new JsonObject().put("node", peers.name()).put("held", held));
  }

  /** Completes when all have let go, or after so long, or when it is hurried. Never fails. */
  Future<Void> byOthers(Drain drain, Duration patience) {
    Set<String> waitedFor = new TreeSet<>();
    peers.nodes().stream().skip(1).forEach(other -> waitedFor.add(other.node()));
    List<String> own = registry.own().stream().map(ServiceInstance::id).toList();
    if (waitedFor.isEmpty() || own.isEmpty()) {
      return Future.succeededFuture();
    }
    String address = "stoa.drain.answer." + UUID.randomUUID();
    Map<String, Long> held = new ConcurrentHashMap<>();
    MessageConsumer<JsonObject> answers =
        vertx
            .eventBus()
            .consumer(
                address,
                message ->
                    held.put(message.body().getString("node"), message.body().getLong("held")));
    JsonObject question =
        new JsonObject().put("instances", new JsonArray(own)).put("answer_to", address);
    long until = System.nanoTime() + patience.toNanos();
    return answers
        .completion()
        .compose(listening -> ask(drain, question, waitedFor, held, until))
        .eventually(answers::unregister)
        .otherwiseEmpty();
  }

  private Future<Void> ask(
      Drain drain, JsonObject question, Set<String> waitedFor, Map<String, Long> held, long until) {
    vertx.eventBus().publish(ASKED, question);
    return drain
        .pause(PAUSE)
        .compose(
            paused -> {
              Set<String> holding = new TreeSet<>(waitedFor);
              holding.removeIf(node -> held.getOrDefault(node, 1L) == 0);
              // Who is gone holds nothing.
              Set<String> there = new TreeSet<>();
              peers.nodes().forEach(node -> there.add(node.node()));
              holding.retainAll(there);
              if (holding.isEmpty()) {
                drain.say("no request comes from " + String.join(", ", waitedFor) + " any more");
                return Future.succeededFuture();
              }
              if (drain.isHurried() || System.nanoTime() - until > 0) {
                drain.say("not waited for any longer: " + String.join(", ", holding));
                return Future.succeededFuture();
              }
              return ask(drain, question, waitedFor, held, until);
            });
  }
}
