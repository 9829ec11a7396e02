package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One Idempotency-Key, one effect, one answer: through the gateway and through restarts. */
@ExtendWith(VertxExtension.class)
class IdempotencyIT {
  private final String key = UUID.randomUUID().toString();
  private final AtomicInteger upstreamCalls = new AtomicInteger();

  @Test
  void oneKeyOneEffectOneAnswer(@TempDir Path home, Vertx vertx) {
    HttpServer upstream = upstream(vertx);
    StoaSetup setup = setup(home, upstream);
    try (Shop shop = new Shop(vertx, setup.ports().gateway())) {
      StoaProcess process = setup.start();
      try {
        Caller customer = shop.customer();
        String product = shop.product(shop.admin(), "Amphora", 19.99, 5);
        JsonObject basket = Shop.basket(product, 2);

        Answer order = keyed(customer, "/api/orders", basket).expect(201);
        Answer payment = keyed(customer, "/api/payments", payment(order.json())).expect(201);
        Answer foreign = keyed(customer, "/mails", new JsonObject()).expect(202);

        same(order, keyed(customer, "/api/orders", basket));
        same(payment, keyed(customer, "/api/payments", payment(order.json())));
        same(foreign, keyed(customer, "/mails", new JsonObject()));
        keyed(customer, "/api/orders", Shop.basket(product, 1))
            .expectProblem(422, "idempotency-key-reused");
        keyed(shop.customer(), "/api/payments", payment(order.json()))
            .expectProblem(404, "not-found");
        assertNotEquals(
            order.text("order_id"),
            keyed(shop.customer(), "/api/orders", basket).expect(201).text("order_id"));
        badKeysAreNamed(customer, basket);
        accounts(shop);

        process.kill();
        process = setup.start();

        same(order, keyed(customer, "/api/orders", basket));
        same(payment, keyed(customer, "/api/payments", payment(order.json())));
        same(foreign, keyed(customer, "/mails", new JsonObject()));
        assertEquals(1, shop.stock(product));
        assertEquals(1, upstreamCalls.get());
        assertEquals(1, customer.get("/api/orders").expect(200).items().size());
        assertEquals(1, customer.get("/api/payments").expect(200).items().size());
      } finally {
        process.kill();
      }
    }
  }

  private HttpServer upstream(Vertx vertx) {
    return Shop.await(
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .response()
                        .setStatusCode(202)
                        .end("mail " + upstreamCalls.incrementAndGet()))
            .listen(0, "127.0.0.1"));
  }

  private static StoaSetup setup(Path home, HttpServer upstream) {
    String route =
        "  - {name: mails, path: /mails, target: \"http://127.0.0.1:%d\", auth: required}\n";
    return StoaSetup.in(home)
        .set("payments.success_rate", 1)
        .file("routes.yaml", Routes.shop(route.formatted(upstream.actualPort())));
  }

  private void badKeysAreNamed(Caller customer, JsonObject basket) {
    for (String target : new String[] {"/api/orders", "/mails", "/api/auth/register"}) {
      send(customer, target, basket, "two words").expectInvalid("Idempotency-Key");
    }
  }

  private void accounts(Shop shop) {
    JsonObject credentials = Shop.credentials("zeno-" + key.substring(0, 8), "citium-334-bc");
    JsonObject other = Shop.credentials("zeno-" + key.substring(0, 8), "another password");

    Answer registered = keyed(shop.visitor(), "/api/auth/register", credentials).expect(201);
    same(registered, keyed(shop.visitor(), "/api/auth/register", credentials));
    keyed(shop.visitor(), "/api/auth/register", other).expectProblem(422, "idempotency-key-reused");
    Answer login = keyed(shop.visitor(), "/api/auth/login", credentials).expect(200);
    Answer again = keyed(shop.visitor(), "/api/auth/login", credentials).expect(200);
    assertNotEquals(login.text("token"), again.text("token"), "no token is kept");
    assertNull(again.header("Idempotency-Replayed"));
  }

  private static void same(Answer first, Answer second) {
    assertEquals(first.status(), second.status(), second::toString);
    assertEquals(first.http().bodyAsString(), second.http().bodyAsString());
    assertEquals(first.header("Content-Type"), second.header("Content-Type"));
    assertEquals(first.header("Location"), second.header("Location"));
    assertNull(first.header("Idempotency-Replayed"));
    assertEquals("true", second.header("Idempotency-Replayed"));
  }

  private Answer keyed(Caller caller, String target, JsonObject body) {
    return send(caller, target, body, key);
  }

  private static Answer send(Caller caller, String target, JsonObject body, String key) {
    HttpRequest<Buffer> request =
        caller
            .request(HttpMethod.POST, target)
            .putHeader("Content-Type", "application/json")
            .putHeader("Idempotency-Key", key);
    return caller.shop().send(request, HttpMethod.POST, target, body.toBuffer());
  }

  private static JsonObject payment(JsonObject order) {
    return new JsonObject()
        .put("order_id", order.getString("order_id"))
        .put("payment_method", "card")
        .put("amount", order.getNumber("total_amount"));
  }
}
