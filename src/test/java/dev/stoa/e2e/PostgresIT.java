package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL server instead of embedded databases: what {@link ThreeNodesIT} does not ask. */
@ExtendWith(VertxExtension.class)
class PostgresIT {
  private static final int CUSTOMERS = 4;
  private static final int MANY = 10;
  private static final Duration REST = Duration.ofSeconds(60);

  @TempDir static Path home;
  private static TestPostgres server;
  private static StoaSetup setup;
  private static RunningShop running;

  @BeforeAll
  static void open(Vertx vertx) {
    server = TestPostgres.in(home.resolve("postgres"));
    server.execute("CREATE DATABASE orders");
    setup =
        StoaSetup.in(home)
            .set("database.url", server.url())
            .set("database.services.order-service", server.urlOf("orders"))
            .set("payments.success_rate", 1)
            .set("orders.hold", "12s")
            .set("idempotency.lease", "2s")
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

  @ParameterizedTest(name = "at once as in a crash: {0}")
  @ValueSource(booleans = {false, true})
  void aServerThatIsStoppedUnderLoadAndStartedAgainLosesNothing(boolean immediate) {
    Customers customers = new Customers(running.shop(), CUSTOMERS, immediate ? 1 : 2).start();
    customers.awaitMore(MANY);
    int before = outages();

    Runnable start = server.stop(immediate);
    Caller customer = running.admin();
    Eventually.within(REST, "refused", () -> customer.get("/api/orders").status() == 503);
    Answer refusal = customer.get("/api/orders").expectProblem(503, "service-unavailable");
    assertEquals("1", refusal.header("Retry-After"), refusal::toString);
    for (int i = 0; i < 20; i++) {
      customer.get("/api/orders").expect(503);
    }
    start.run();
    customers.awaitMore(2 * MANY);
    customers.end();

    // While it stops, some connections may still work that others have lost already.
    int said = outages() - before;
    assertTrue(said >= 1 && said <= 4, () -> said + " times, and not for each of the requests");
    customers.settle(server);
  }

  private static int outages() {
    return running.process().output().split("order-service: database unavailable", -1).length - 1;
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
