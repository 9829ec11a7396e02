package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole orders per second by one, two and three nodes on one PostgreSQL, each started anew: of many
 * products, and of one that everybody wants. On one machine all of them, the database and the
 * clients share its cores: what is measured there is what more nodes cost, not what they bring. They
 * bring something where each has a machine of its own.
 *
 * <p>{@code mvn -B -Pbench verify -Dit.test=ClusterBench}, with {@code -Dbench.orders=…} measured
 * after {@code -Dbench.warmup=…} others for each node, by {@code -Dbench.clients=…} at a time. Some
 * numbers of nodes only: {@code -Dit.test='ClusterBench#*[1]'}.
 */
@ExtendWith(VertxExtension.class)
class ClusterBench {
  private static final int WARM_UP = Integer.getInteger("bench.warmup", 2_000);
  private static final int ORDERS = Integer.getInteger("bench.orders", 2_000);
  private static final int CLIENTS = Integer.getInteger("bench.clients", 24);
  private static final int MANY = 100;

  @ParameterizedTest(name = "{0} nodes")
  @ValueSource(ints = {1, 2, 3})
  void wholeOrdersPerSecond(int nodes, Vertx vertx) throws IOException {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
    try (TestPostgres server = TestPostgres.start();
        ShopCluster cluster =
            ShopCluster.in(home, server.url(), nodes).set("payments.success_rate", 1).start(vertx)) {
      WholeOrders many = new WholeOrders(cluster.shop(), cluster.admin(), CLIENTS, MANY);
      WholeOrders hot = new WholeOrders(cluster.shop(), cluster.admin(), CLIENTS, 1);

      many.run(WARM_UP * nodes);
      measure(nodes, MANY, cluster, server, many);
      measure(nodes, 1, cluster, server, hot);

      assertEquals((long) WARM_UP * nodes + ORDERS, many.sold());
      assertEquals(ORDERS, hot.sold());
    }
  }

  private static void measure(
      int nodes, int products, ShopCluster cluster, TestPostgres server, WholeOrders orders) {
    ProcessorTime before = ProcessorTime.now(cluster, server);
    WholeOrders.Rate rate = orders.run(ORDERS);
    ProcessorTime used = ProcessorTime.now(cluster, server).since(before);

    System.out.printf(
        "BENCH %d nodes, %d products, %d clients: %.0f orders/s, p50 %.1f ms, p99 %.1f ms; %s%n",
        nodes,
        products,
        CLIENTS,
        rate.perSecond(),
        rate.p50Millis(),
        rate.p99Millis(),
        used.each(ORDERS));
  }
}
