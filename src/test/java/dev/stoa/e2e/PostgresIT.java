package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole shop on a PostgreSQL server instead of embedded databases. */
@ExtendWith(VertxExtension.class)
class PostgresIT {
  private static final int CUSTOMERS = 12;
  private static final int STOCK = 10;
  private static final Duration REST = Duration.ofSeconds(60);

  @TempDir static Path home;
  private static TestPostgres server;
  private static StoaSetup setup;
  private static RunningShop running;

  @BeforeAll
  static void open(Vertx vertx) {
    server = TestPostgres.start();
    setup =
        StoaSetup.in(home)
            .set("database", server.url())
            .set("payments.success_rate", 1)
            .set("orders.hold", "20s")
            .set("circuit_breaker.failure_threshold", 1_000)
            .set("orders.sweep_interval", "500ms")
            .set("payments.sweep_interval", "500ms");
    running = RunningShop.open(vertx, setup);
  }

  @AfterAll
  static void close() {
    if (running != null) {
      running.close();
    }
    server.close();
  }

  @Test
  void fromRegisterToPaidOrderAndBack() {
    Shop shop = running.shop();
    Caller customer = shop.customer();
    String product = shop.product(running.admin(), "Lamp of Alexandria", 19.99, 5);
    assertEquals(1, shop.visitor().get("/api/products/search?q=aLEX").expect(200).items().size());

    JsonObject order = customer.order(product, 2).expect(201).json();
    customer.pay(order).expect(201);
    customer.pay(order).expectProblem(409, "already-paid");

    String path = "/api/orders/" + order.getString("order_id");
    assertEquals("paid", customer.get(path).expect(200).text("status"));
    assertFalse(customer.get(path + "/timeline").expect(200).items().isEmpty());
    assertEquals(3, shop.stock(product));
    customer.put(path + "/status", new JsonObject().put("status", "cancelled")).expect(200);
    assertEquals(5, shop.stock(product));
    assertFalse(Files.exists(home.resolve("data").resolve("order-service.db")));
  }

  @Test
  void noMoreIsSoldThanThereIsAndConflictsAreNobodysTrouble() {
    Shop shop = running.shop();
    String product = shop.product(running.admin(), "Scarce", 1, STOCK);
    List<CompletableFuture<Answer>> orders = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      Caller customer = shop.customer();
      for (int j = 0; j < 2; j++) {
        orders.add(CompletableFuture.supplyAsync(() -> customer.order(product, 1)));
      }
    }

    List<Integer> statuses = orders.stream().map(order -> order.join().status()).toList();

    assertEquals(
        STOCK, statuses.stream().filter(status -> status == 201).count(), statuses::toString);
    assertTrue(Map.of(201, true, 409, true).keySet().containsAll(statuses), statuses::toString);
    assertEquals(0, shop.stock(product));
  }

  @Test
  void cutConnectionsLoseNothing() {
    Shop shop = running.shop();
    Caller customer = shop.customer();
    String product = shop.product(running.admin(), "Amphora", 2.5, 1_000);
    List<JsonObject> paid = new ArrayList<>();

    for (int i = 0; i < 60; i++) {
      if (i % 6 == 3) {
        server.cutAllConnections();
      }
      Answer order = customer.order(product, 1);
      if (order.status() < 500) {
        order.expect(201);
        Answer payment = customer.pay(order.json());
        if (payment.status() == 201) {
          paid.add(order.json());
        }
      }
    }

    assertTrue(paid.size() > 20, () -> "only " + paid.size() + " were paid");
    Eventually.within(
        REST,
        () -> "balanced: " + invariants(),
        () -> invariants().getBoolean("ok") && shop.stock(product) == 1_000 - sold(product));
    for (JsonObject order : paid) {
      String path = "/api/orders/" + order.getString("order_id");
      assertEquals("paid", customer.get(path).expect(200).text("status"));
    }
  }

  private static JsonObject invariants() {
    return running.admin().get("/api/orders/invariants").expect(200).json();
  }

  private static int sold(String product) {
    return new ShopBooks(running.admin(), Map.of())
        .all("/api/orders?status=paid").stream()
            .flatMap(order -> order.getJsonArray("items").stream())
            .map(JsonObject.class::cast)
            .filter(item -> item.getString("product_id").equals(product))
            .mapToInt(item -> item.getInteger("quantity"))
            .sum();
  }
}
