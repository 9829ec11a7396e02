package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of this process' cluster, who tell each other on the event bus, once a second, what
 * runs in them. Nothing is stored anywhere, so nothing is lost with a member; one that is silent is
 * gone. What this process says of itself comes back to it, too: as long as that does not, the bus
 * is broken and the silence of others means nothing.
 */
final class ClusterDirectory implements Directory {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDirectory.class);
  private static final String ADDRESS = "stoa.discovery";

  private static final Duration BEAT = Duration.ofSeconds(1);

  /** As many beats the cluster itself waits for a member. */
  private static final int MISSED_BEATS = 5;

  /** Fewer, so that a broken bus is noticed before anybody's silence is believed. */
  private static final int OWN_MISSED_BEATS = 3;

  /** More are no cluster of this kind: each of them would hear of each every second. */
  private static final int MAX_MEMBERS = 1_000;

  /** What a member has said last, and when. */
  private record Said(List<ServiceInstance> instances, long atNanos) {}

  private final Vertx vertx;
  private final Duration beat;
  private final String self = UUID.randomUUID().toString();
  private final Map<String, ServiceInstance> own = new LinkedHashMap<>();
  private final Map<String, Said> members = new LinkedHashMap<>();
  private MessageConsumer<JsonObject> consumer;
  private Reports reports;
  private long heardNanos;
  private boolean gathered;
  private boolean closed;
  private Optional<Collection<ServiceInstance>> told = Optional.empty();
  private long timer = -1;

  ClusterDirectory(Vertx vertx) {
    this(vertx, BEAT);
  }

  ClusterDirectory(Vertx vertx, Duration beat) {
    this.vertx = vertx;
    this.beat = beat;
  }

  @Override
  public void open(Reports to) {
    reports = to;
    heardNanos = System.nanoTime();
    consumer = vertx.eventBus().consumer(ADDRESS, this::heard);
    consumer.completion().onSuccess(known -> say(true)).onFailure(this::failed);
    timer = vertx.setPeriodic(beat.toMillis(), id -> beat());
  }

  @Override
  public Future<Void> announce(ServiceInstance instance) {
    own.put(instance.id(), instance);
    say(false);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> withdraw(ServiceInstance instance) {
    if (own.remove(instance.id()) != null) {
      say(false);
    }
    return Future.succeededFuture();
  }

  @Override
  public void askAgain() {
    told = Optional.empty();
    report();
  }

  /** Nobody is missed who has only been late once. */
  @Override
  public Duration confirmAfter() {
    return beat.multipliedBy(2);
  }

  @Override
  public Duration settleTime() {
    return beat;
  }

  @Override
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  /** Also the end of the wait for the others, at the start and after a failure. */
  private void beat() {
    gathered = true;
    say(false);
    report();
  }

  /**
   * @param asking whether everybody is to say at once what runs there
   */
  private void say(boolean asking) {
    if (closed) {
      return;
    }
    JsonArray instances = new JsonArray();
    own.values().forEach(instance -> instances.add(InstanceJson.write(instance)));
    vertx
        .eventBus()
        .publish(
            ADDRESS,
            new JsonObject().put("member", self).put("asking", asking).put("instances", instances));
  }

  private void heard(Message<JsonObject> message) {
    try {
      JsonObject said = message.body();
      String member = said.getString("member");
      List<ServiceInstance> instances = new ArrayList<>();
      said.getJsonArray("instances")
          .forEach(instance -> instances.add(InstanceJson.read((JsonObject) instance)));
      heard(member, instances, said.getBoolean("asking"));
    } catch (RuntimeException e) {
      LOG.warn("a member of the cluster says what nobody understands: {}", Failures.reason(e));
    }
  }

  private void heard(String member, List<ServiceInstance> instances, boolean asking) {
    long now = System.nanoTime();
    if (member.equals(self)) {
      heardNanos = now;
    } else if (members.containsKey(member) || members.size() < MAX_MEMBERS) {
      members.put(member, new Said(List.copyOf(instances), now));
      if (asking) {
        say(false);
      }
    }
    report();
  }

  private void report() {
    if (closed || !gathered) {
      return;
    }
    long now = System.nanoTime();
    if (silent(heardNanos, now, OWN_MISSED_BEATS)) {
      failed(new IllegalStateException("the event bus of the cluster delivers nothing"));
      return;
    }
    members.values().removeIf(said -> silent(said.atNanos, now, MISSED_BEATS));
    Collection<ServiceInstance> present = present();
    if (told.isEmpty() || !told.get().equals(present)) {
      told = Optional.of(present);
      reports.read(Reading.of(List.copyOf(present)));
    }
  }

  private void failed(Throwable cause) {
    if (!closed) {
      told = Optional.empty();
      gathered = false;
      reports.away(cause);
    }
  }

  /** Of a member that was started again the newer word counts. */
  private List<ServiceInstance> present() {
    Map<String, ServiceInstance> present = new LinkedHashMap<>();
    members.values().forEach(said -> said.instances.forEach(i -> present.put(i.id(), i)));
    present.putAll(own);
    return List.copyOf(present.values());
  }

  private boolean silent(long sinceNanos, long nowNanos, int beats) {
    return nowNanos - sinceNanos > beat.multipliedBy(beats).toNanos();
  }
}
