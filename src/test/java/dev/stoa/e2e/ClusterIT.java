package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three nodes with all roles on one PostgreSQL. {@code -Dcluster.calm=5} for how many seconds after
 * a node's death the last request may be without a clear answer (many by default: other tests share
 * the machine).
 */
@ExtendWith(VertxExtension.class)
class ClusterIT {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterIT.class);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int NODES = 3;
  private static final int CUSTOMERS = 3;
  private static final int MANY = 20;
  private static final long SEED = Long.getLong("cluster.seed", System.nanoTime());
  private static final Duration CALM = Duration.ofSeconds(Integer.getInteger("cluster.calm", 30));
  private static final int MOST_REPEATS = 400;
  private static final Pattern GRANTED =
      Pattern.compile("order-service: the periodic work is done here \\(epoch (\\d+)\\)");
  private static final String TAKEN_OVER = ": the periodic work was taken over by another process";

  @TempDir static Path home;
  private static TestPostgres server;
  private static ShopCluster cluster;

  @BeforeAll
  static void open(Vertx vertx) {
    server = TestPostgres.start();
    cluster =
        ShopCluster.in(home, server.url(), NODES)
            .set("payments.success_rate", 0.9)
            .set("orders.hold", "15s")
            .set("idempotency.lease", "2s")
            .set("service.leave_delay", "1s")
            .set("circuit_breaker.recovery_timeout", "1s")
            .set("circuit_breaker.max_recovery_timeout", "1s")
            .start(vertx);
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
    server.close();
  }

  /** Whatever the test before has left. */
  @BeforeEach
  void whole() {
    for (int node = 0; node < NODES; node++) {
      if (!cluster.running().contains(node)) {
        cluster.launch(node);
      }
    }
    cluster.awaitWhole();
  }

  @Test
  void whatOneNodeDoesTheOthersKnow() {
    Caller customer = cluster.shop(0).customer();
    String product = cluster.shop(1).product(cluster.shop(1).admin(), "Amphora", 10, 5);

    JsonObject order = customer.order(product, 2).expect(201).json();
    Caller elsewhere = cluster.shop(2).logIn(customer.username(), customer.password());
    payUntilAccepted(elsewhere, order);

    String path = "/api/orders/" + order.getString("order_id");
    Eventually.within(
        SOON, "paid", () -> customer.get(path).expect(200).text("status").equals("paid"));
    assertEquals(3, cluster.shop(1).stock(product));
  }

  @Test
  void nodesTellEachOtherWhichConfigurationTheyGoBy() {
    Caller admin = cluster.shop(0).admin();

    Eventually.within(
        SOON,
        "three nodes that agree",
        () -> {
          JsonObject config = admin.get("/api/admin/config").expect(200).json();
          return config.getJsonArray("nodes").size() == NODES && config.getBoolean("agree");
        });
  }

  private static void payUntilAccepted(Caller customer, JsonObject order) {
    Eventually.within(SOON, "a card is accepted", () -> customer.pay(order).status() == 201);
  }

  /**
   * The one who does the periodic work of the orders stands still and loses it, goes on and knows
   * nothing, and whoever has it then dies.
   */
  @Test
  void nothingIsLostAndNothingHappensTwiceWhenANodeStandsStillAndAnotherDies() {
    Customers customers = new Customers(cluster.shop(), CUSTOMERS, SEED).start();
    customers.awaitMore(MANY);
    int stopped = worker();
    cluster.node(stopped).pause();
    Eventually.within(SOON, cluster::output, () -> worker() != stopped);
    cluster.node(stopped).unpause();
    Eventually.within(
        SOON,
        cluster::output,
        () -> cluster.node(stopped).output().contains("order-service" + TAKEN_OVER));
    customers.awaitMore(MANY);

    int dying = worker();
    int before = customers.repeats();
    long killed = System.nanoTime();
    cluster.kill(dying);
    Eventually.within(SOON, cluster::output, () -> worker() != dying);
    customers.awaitMore(3 * MANY);
    customers.end();
    Duration unclear = customers.unclearAfter(killed);
    int repeats = customers.repeats() - before;

    LOG.info(
        "{} orders; after the kill {} repeats, the last one after {}",
        customers.orders(),
        repeats,
        unclear);
    assertTrue(
        unclear.compareTo(CALM) < 0, () -> "after " + unclear + " still " + customers.unclear());
    assertTrue(repeats < MOST_REPEATS, () -> repeats + " repeats: " + customers.unclear());
    cluster.launch(dying);
    cluster.awaitWhole();
    customers.settle(server);
  }

  /** The node that does the periodic work of the orders, as far as the nodes know. */
  private static int worker() {
    Map<Integer, Integer> epochs = new TreeMap<>();
    for (int node : cluster.running()) {
      Matcher granted = GRANTED.matcher(cluster.node(node).output());
      while (granted.find()) {
        epochs.put(Integer.parseInt(granted.group(1)), node);
      }
    }
    assertFalse(epochs.isEmpty(), cluster::output);
    return epochs.get(Collections.max(epochs.keySet()));
  }
}
