package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The services call each other over the event bus instead of HTTP, and nobody notices. */
@ExtendWith(VertxExtension.class)
class EventBusIT {
  private static final List<String> SERVICES =
      List.of("user-service", "product-service", "order-service", "payment-service");

  @Test
  void theStoryIsTheSame(@TempDir Path home, Vertx vertx) {
    StoaSetup setup = StoaSetup.in(home).set("payments.success_rate", 1);
    SERVICES.forEach(name -> setup.set("services." + name + ".transport", "event-bus"));
    try (RunningShop running = RunningShop.open(vertx, setup)) {
      Shop shop = running.shop();
      String product = shop.product(running.admin(), "Amphora", 19.99, 3);
      Caller customer = shop.customer();

      JsonObject order = customer.order(product, 2).expect(201).json();
      Answer shortage = customer.order(product, 2).expectProblem(409, "insufficient-stock");
      assertNotNull(shortage.json().getJsonArray("errors"), shortage::toString);
      customer
          .order("01890000-0000-7000-8000-000000000000", 1)
          .expectProblem(422, "unknown-product");
      String payment = customer.pay(order).expect(201).text("payment_id");
      customer.pay(order).expectProblem(409, "already-paid");

      String path = "/api/orders/" + order.getString("order_id");
      assertEquals("paid", customer.get(path).expect(200).text("status"));
      assertEquals(1, shop.stock(product));
      customer.post("/api/payments/" + payment + "/refund", null).expect(200);
      assertEquals("cancelled", customer.get(path).expect(200).text("status"));
      assertEquals(3, shop.stock(product));
      shop.customer().get(path).expectProblem(404, "not-found");
    }
  }
}
