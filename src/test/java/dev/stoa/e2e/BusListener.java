package dev.stoa.e2e;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A member of a cluster that does nothing but listen to what services tell on the event bus, and
 * counts how often each event was told.
 */
final class BusListener implements AutoCloseable {
  private static final List<String> ADDRESSES =
      List.of("stoa.events.orders", "stoa.events.payments");

  private final Vertx vertx;
  private final ConcurrentMap<String, Integer> copies = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private BusListener(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Listens when this returns. */
  static BusListener join(ShopCluster cluster) {
    System.setProperty("hazelcast.logging.type", "slf4j");
    Ports own = Ports.free();
    EventBusOptions bus = new EventBusOptions().setHost("127.0.0.1").setPort(own.products());
    Vertx member =
        Shop.await(
            Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus))
                .withClusterManager(new HazelcastClusterManager(member(cluster, own.users())))
                .buildClustered());
    BusListener listener = new BusListener(member);
    for (String address : ADDRESSES) {
      Shop.await(
          member
              .eventBus()
              .<JsonObject>consumer(address, message -> listener.hear(message.body()))
              .completion());
    }
    return listener;
  }

  private static Config member(ShopCluster cluster, int port) {
    Config config = ConfigUtil.loadConfig().setClusterName("stoa");
    config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
    return config
        .setProperty("hazelcast.local.localAddress", "127.0.0.1")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.wait.seconds.before.join", "0")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.graceful.shutdown.max.wait", "1");
  }

  private void hear(JsonObject event) {
    copies.merge(event.getString("event_id"), 1, Integer::sum);
    told.add(event.getString("type") + " " + event.getString("subject"));
  }

  /** Whether an event of this type about this subject was told at least once. */
  boolean heard(String type, String subject) {
    return told.contains(type + " " + subject);
  }

  /** How many different events were told. */
  int events() {
    return copies.size();
  }

  /** The events that were told more than once, and how often. */
  Map<String, Integer> repeated() {
    Map<String, Integer> repeated = new TreeMap<>(copies);
    repeated.values().removeIf(count -> count == 1);
    return repeated;
  }

  /** Nothing was heard yet. */
  void forget() {
    copies.clear();
    told.clear();
  }

  @Override
  public void close() {
    Shop.await(vertx.close());
  }
}
