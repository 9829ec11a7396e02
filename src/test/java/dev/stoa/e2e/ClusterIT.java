package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with all roles on one PostgreSQL. */
@ExtendWith(VertxExtension.class)
class ClusterIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path home;
  private static TestPostgres server;
  private static ShopCluster cluster;

  @BeforeAll
  static void open(Vertx vertx) {
    server = TestPostgres.start();
    cluster =
        ShopCluster.in(home, server.url(), 3)
            .set("payments.success_rate", 1)
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

  @Test
  void whatOneNodeDoesTheOthersKnow() {
    Caller customer = cluster.shop(0).customer();
    String product = cluster.shop(1).product(cluster.shop(1).admin(), "Amphora", 10, 5);

    JsonObject order = customer.order(product, 2).expect(201).json();
    Caller elsewhere = cluster.shop(2).logIn(customer.username(), customer.password());
    elsewhere.pay(order).expect(201);

    String path = "/api/orders/" + order.getString("order_id");
    Eventually.within(
        SOON, "paid", () -> customer.get(path).expect(200).text("status").equals("paid"));
    assertEquals(3, cluster.shop(1).stock(product));
  }
}
