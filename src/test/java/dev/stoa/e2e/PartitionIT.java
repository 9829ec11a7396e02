package dev.stoa.e2e;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two nodes that are cut from each other, while clients and the database reach both, and healed.
 * {@code -Dpartition.by=relay} for relays also where there could be network namespaces.
 */
@ExtendWith(VertxExtension.class)
class PartitionIT {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionIT.class);
  private static final int CUSTOMERS = 3;
  private static final int MANY = 15;

  @TempDir Path home;

  @Test
  void nothingIsLostAndNobodyIsChargedTwiceAndTheClusterIsOneAgain(Vertx vertx) {
    try (NodeNetwork network = NodeNetwork.open(vertx);
        TestPostgres server = TestPostgres.open(network.outside());
        ShopCluster cluster = cluster(network, server)) {
      LOG.info("two nodes, {}", network.getClass().getSimpleName());
      cluster.start(vertx);
      Customers customers = new Customers(cluster.shop(), CUSTOMERS, System.nanoTime()).start();
      customers.awaitMore(MANY);

      network.cut();
      cluster.awaitAlone(0);
      cluster.awaitAlone(1);
      customers.awaitMore(MANY);
      network.heal();
      cluster.awaitWhole();
      customers.awaitMore(MANY);

      customers.end();
      LOG.info("{} orders, {} repeats", customers.orders(), customers.repeats());
      customers.settle(server);
    }
  }

  private ShopCluster cluster(NodeNetwork network, TestPostgres server) {
    ShopCluster cluster =
        ShopCluster.in(home, server.url(network.outside()), 2)
            .set("orders.hold", "15s")
            .set("idempotency.lease", "2s")
            .set("circuit_breaker.recovery_timeout", "1s")
            .set("circuit_breaker.max_recovery_timeout", "1s");
    network.attach(cluster);
    return cluster;
  }
}
