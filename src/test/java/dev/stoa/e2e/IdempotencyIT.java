package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@link KeysContract} promises of keys holds through a crash. */
@ExtendWith(VertxExtension.class)
class IdempotencyIT {
  private final String key = UUID.randomUUID().toString();

  @Test
  void oneKeyOneEffectOneAnswerThroughACrash(@TempDir Path home, Vertx vertx) {
    MailUpstream upstream = new MailUpstream(vertx);
    String route =
        "  - {name: mails, path: /mails, target: \"http://127.0.0.1:%d\", auth: required}\n";
    StoaSetup setup =
        StoaSetup.in(home)
            .set("payments.success_rate", 1)
            .file("routes.yaml", Routes.shop(route.formatted(upstream.port())));
    try (Shop shop = new Shop(vertx, setup.ports().gateway())) {
      StoaProcess process = setup.start();
      try {
        Caller customer = shop.customer();
        String product = shop.product(shop.admin(), "Amphora", 19.99, 5);
        JsonObject basket = Shop.basket(product, 2);
        Answer order = keyed(customer, "/api/orders", basket).expect(201);
        JsonObject money = KeysContract.payment(order.json());
        Answer payment = keyed(customer, "/api/payments", money).expect(201);
        Answer foreign = keyed(customer, "/mails", new JsonObject()).expect(202);

        process.kill();
        process = setup.start();

        KeysContract.same(order, keyed(customer, "/api/orders", basket));
        KeysContract.same(payment, keyed(customer, "/api/payments", money));
        KeysContract.same(foreign, keyed(customer, "/mails", new JsonObject()));
        assertEquals(3, shop.stock(product));
        assertEquals(1, upstream.mails());
        assertEquals(1, customer.get("/api/orders").expect(200).items().size());
        assertEquals(1, customer.get("/api/payments").expect(200).items().size());
      } finally {
        process.kill();
      }
    }
  }

  private Answer keyed(Caller caller, String target, JsonObject body) {
    return KeysContract.keyed(caller, key, target, body);
  }
}
