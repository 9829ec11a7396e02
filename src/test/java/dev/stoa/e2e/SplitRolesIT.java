package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, none of which has all roles; one role is there twice, and the others once. */
@ExtendWith(VertxExtension.class)
class SplitRolesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int NODES = 3;
  private static final int GATEWAY = 0;
  private static final int ORDERS = 1;
  private static final int PAYMENTS = 2;
  private static final List<String> SERVICES =
      List.of("user-service", "product-service", "order-service", "payment-service");

  @TempDir Path home;

  @Test
  void eachNodeDoesWhatItHasAndWhatNobodyHasIsUnavailable(Vertx vertx) {
    try (TestPostgres server = TestPostgres.start();
        ShopCluster cluster =
            ShopCluster.in(home, server.url(), NODES)
                .set("payments.success_rate", 1)
                .roles(GATEWAY, "gateway", "users")
                .roles(ORDERS, "orders", "products")
                .roles(PAYMENTS, "payments", "products")
                .start(vertx)) {
      String product = cluster.shop().product(cluster.admin(), "Frieze", 10, 1_000);
      Caller customer = cluster.shop().customer();

      buy(customer, product);
      over(cluster, "event-bus");
      buy(customer, product);

      JsonObject unpaid = order(customer, product);
      cluster.kill(PAYMENTS);
      customerFinds(customer, product, unpaid);
      over(cluster, "http");
      customerFinds(customer, product, unpaid);

      cluster.launch(PAYMENTS);
      cluster.awaitWhole();
      paid(customer, unpaid);
    }
  }

  /** The whole way of an order over all nodes, as soon as each knows the others. */
  private static void buy(Caller customer, String product) {
    paid(customer, order(customer, product));
  }

  /** Asks again where nobody knows what became of it: then it may be paid already. */
  private static void paid(Caller customer, JsonObject order) {
    Eventually.within(
        SOON,
        () -> "paid, not " + customer.pay(order),
        () -> customer.pay(order).status() == 201 || status(customer, order).equals("paid"));
    Eventually.within(SOON, "the order is paid", () -> status(customer, order).equals("paid"));
  }

  private static JsonObject order(Caller customer, String product) {
    AtomicReference<Answer> answer = new AtomicReference<>();
    Eventually.within(
        SOON,
        () -> "ordered, not " + answer,
        () -> {
          answer.set(customer.order(product, 1));
          return answer.get().status() == 201;
        });
    return answer.get().json();
  }

  /** Products are there still, by the other node; payments are nowhere. */
  private static void customerFinds(Caller customer, String product, JsonObject unpaid) {
    order(customer, product);
    AtomicReference<Answer> answer = new AtomicReference<>();
    Eventually.within(
        SOON,
        () -> "payments are known to be gone, not " + answer,
        () -> {
          answer.set(customer.pay(unpaid));
          return answer.get().status() == 503
              && answer.get().text("type").endsWith("/service-unavailable");
        });
    Answer refused = answer.get().expectProblem(503, "service-unavailable");
    assertNotNull(refused.header("Retry-After"), refused::toString);
    Eventually.within(SOON, "it stays reserved", () -> status(customer, unpaid).equals("reserved"));
  }

  private static String status(Caller customer, JsonObject order) {
    return customer.get("/api/orders/" + order.getString("order_id")).text("status");
  }

  /** Services call each other over this transport from now on, in every node that runs. */
  private static void over(ShopCluster cluster, String transport) {
    String services =
        SERVICES.stream()
            .map(name -> "  " + name + ": {transport: " + transport + "}\n")
            .collect(Collectors.joining("", "services:\n", ""));
    for (int node = 0; node < NODES; node++) {
      long before = cluster.running().contains(node) ? changes(cluster.node(node)) : 0;
      cluster.setup(node).file("config.yaml", services);
      if (cluster.running().contains(node)) {
        StoaProcess process = cluster.node(node);
        Eventually.within(SOON, process::output, () -> changes(process) > before);
      }
    }
  }

  private static long changes(StoaProcess process) {
    return process
        .output()
        .lines()
        .filter(line -> line.contains("in force, changed: services"))
        .count();
  }
}
