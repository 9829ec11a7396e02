package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whole orders per second by one, two and three nodes on one PostgreSQL, each started anew. On one
 * machine all of them, the database and the clients share its cores: what is measured there is what
 * more nodes cost, not what they bring. They bring something where each has a machine of its own.
 *
 * <p>{@code mvn -B -Pbench verify -Dit.test=ClusterBench}, with {@code -Dbench.orders=…} measured
 * after {@code -Dbench.warmup=…} others for each node, by {@code -Dbench.clients=…} at a time.
 */
@ExtendWith(VertxExtension.class)
class ClusterBench {
  private static final int WARM_UP = Integer.getInteger("bench.warmup", 1_000);
  private static final int ORDERS = Integer.getInteger("bench.orders", 2_000);
  private static final int CLIENTS = Integer.getInteger("bench.clients", 24);

  @Test
  void wholeOrdersPerSecondByNodes(Vertx vertx) throws IOException {
    List<WholeOrders.Rate> rates = new ArrayList<>();
    for (int nodes = 1; nodes <= 3; nodes++) {
      rates.add(rate(vertx, nodes));
    }

    System.out.printf("%n%d cores, %d clients%n", Runtime.getRuntime().availableProcessors(), CLIENTS);
    for (int i = 0; i < rates.size(); i++) {
      WholeOrders.Rate rate = rates.get(i);
      System.out.printf(
          "BENCH %d nodes: %.0f orders/s (%.2f of one node), p50 %.1f ms, p99 %.1f ms%n",
          i + 1,
          rate.perSecond(),
          rate.perSecond() / rates.get(0).perSecond(),
          rate.p50Millis(),
          rate.p99Millis());
    }
  }

  private static WholeOrders.Rate rate(Vertx vertx, int nodes) throws IOException {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
    try (TestPostgres server = TestPostgres.start();
        ShopCluster cluster =
            ShopCluster.in(home, server.url(), nodes).set("payments.success_rate", 1).start(vertx)) {
      WholeOrders orders = new WholeOrders(cluster.shop(), cluster.admin(), CLIENTS);

      orders.run(WARM_UP * nodes);
      WholeOrders.Rate rate = orders.run(ORDERS);

      assertEquals((long) WARM_UP * nodes + ORDERS, orders.sold());
      return rate;
    }
  }
}
