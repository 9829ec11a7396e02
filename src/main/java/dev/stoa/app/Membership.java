package dev.stoa.app;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import dev.stoa.config.Configuration;
import dev.stoa.observability.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this process a member of a cluster. The only class that knows Hazelcast, so that nothing of
 * it is loaded by a process that stays alone.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private Membership() {}

  /**
   * A Vert.x whose event bus reaches every member.
   *
   * @throws StartFailure where it cannot listen, or cannot become a member
   */
  static Vertx join(Settings settings, Metrics metrics) throws Exception {
    ClusterConfig config = read(settings);
    String address = address(config);
    probe(config, address);
    // Some of its loggers are made before it is configured.
    System.setProperty("hazelcast.logging.type", "slf4j");
    EventBusOptions bus =
        new EventBusOptions()
            .setHost(address)
            .setClusterPublicHost(
                config.advertised().host().equals(config.host())
                    ? address
                    : config.advertised().host())
            .setPort(config.busPort());
    if (config.advertised().busPort() != 0) {
      bus.setClusterPublicPort(config.advertised().busPort());
    }
    Future<Vertx> joined =
        metrics
            .watch(Vertx.builder(), new VertxOptions().setEventBusOptions(bus))
            .withClusterManager(new HazelcastClusterManager(hazelcast(config, address)))
            .buildClustered();
    try {
      Vertx vertx = Futures.await(joined);
      LOG.info("a member of the cluster {} at {}", config.name(), config.address());
      return vertx;
    } catch (Exception e) {
      throw failed(config, e);
    }
  }

  /**
   * Before there is the Vert.x that needs it: by one that lives no longer than this. What was kept
   * counts here, too: a bad file is no reason to be no member.
   */
  private static ClusterConfig read(Settings settings) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      String devSecret = settings.profile().lenient() ? DevSecret.random() : "";
      Configuration<StoaConfig> configuration = Configurations.of(vertx, settings, devSecret);
      ClusterConfig cluster = Futures.await(configuration.start()).cluster();
      Futures.await(configuration.close());
      return cluster;
    } finally {
      Futures.await(vertx.close());
    }
  }

  private static String address(ClusterConfig config) {
    try {
      return InetAddress.getByName(config.host()).getHostAddress();
    } catch (UnknownHostException e) {
      throw failed(config, e);
    }
  }

  /** Hazelcast fails with pages of stack traces where a port is in use. */
  private static void probe(ClusterConfig config, String address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, config.port()));
    } catch (IOException e) {
      throw failed(config, e);
    }
  }

  private static StartFailure failed(ClusterConfig config, Exception cause) {
    return new StartFailure("the cluster", config.address(), cause);
  }

  private static Config hazelcast(ClusterConfig config, String address) {
    Config hazelcast = ConfigUtil.loadConfig().setClusterName(config.name());
    NetworkConfig network = hazelcast.getNetworkConfig();
    network.setPort(config.port()).setPortAutoIncrement(false);
    if (!config.publicAddress().equals(config.address())) {
      network.setPublicAddress(config.publicAddress());
    }
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(config.dns().isEmpty()).setMembers(config.members());
    // Its look-up of a name needs no rights in Kubernetes, and none of its API.
    config
        .dns()
        .ifPresent(
            name ->
                join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", name)
                    .setProperty("service-port", Integer.toString(config.port())));
    return hazelcast
        // This one and no other, even where no interface names it (127.0.0.2).
        .setProperty("hazelcast.local.localAddress", address)
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.wait.seconds.before.join", "0")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
        // Members that lost each other come together again within seconds rather than minutes.
        .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
        // Our own end says when it is left, and nobody waits ten minutes for members that are gone.
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.graceful.shutdown.max.wait", "5");
  }
}
