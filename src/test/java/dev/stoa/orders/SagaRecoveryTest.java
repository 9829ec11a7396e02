package dev.stoa.orders;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.basket;
import static dev.stoa.shop.Shop.ok;
import static dev.stoa.shop.Shop.problem;
import static dev.stoa.shop.Shop.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.service.Transport;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders whose services go away and come back, an operator's word, and what the world is told. */
class SagaRecoveryTest {
  private static final String SERVICE = OrdersVerticle.SERVICE;

  @TempDir static Path directory;
  private static Shop shop;
  private static Person ann;
  private static Person admin;

  @BeforeAll
  static void open() {
    shop = new Shop(directory, Transport.HTTP);
    ann = shop.customer();
    admin = shop.admin();
  }

  @AfterEach
  void reset() {
    shop.reset();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @Test
  void aPaymentThatComesWhileProductsIsAwayIsSettledWhenItIsBack() {
    shop.attempts(1000);
    restartOrders();
    JsonObject order = shop.order(ann, shop.product("5", 5), 2);
    shop.stop("product-service");
    assertTrue(shop.pay(ann, order).statusCode() >= 500);
    assertEquals("running", saga(order).getString("state"));
    assertEquals("commit", saga(order).getString("step"));

    shop.start("product-service");

    until(() -> status(order).equals("paid"));
    assertEquals("ended", saga(order).getString("state"));
  }

  @Test
  void anOrderLeftAmidAStepIsTakenUpWhenTheServiceStarts() {
    // Long pauses: nothing but the start takes it up in time.
    JsonObject order = shop.order(ann, shop.product("5", 5), 2);
    shop.stop("product-service");
    assertTrue(shop.pay(ann, order).statusCode() >= 500);
    shop.stop(SERVICE);
    shop.start("product-service");

    shop.start(SERVICE);

    until(() -> status(order).equals("paid"));
  }

  @Test
  void anOperatorResumesWhatWasTriedInVain() {
    shop.attempts(2);
    restartOrders();
    JsonObject order = stuck();
    String path = "/orders/" + order.getString("order_id") + "/saga/";
    problem(403, "forbidden", shop.post(SERVICE, path + "resume", ann, null));
    problem(403, "forbidden", shop.get(SERVICE, "/orders/sagas", ann));
    JsonObject sagas = ok(200, shop.get(SERVICE, "/orders/sagas?state=needs_attention", admin));
    assertEquals(1, sagas.getInteger("needs_attention"));
    JsonObject saga = sagas.getJsonArray("items").getJsonObject(0).getJsonObject("saga");
    assertEquals("commit", saga.getString("step"));
    JsonObject running = ok(200, shop.get(SERVICE, "/orders/sagas?state=running", admin));
    assertEquals(0, running.getJsonArray("items").size());
    JsonObject waiting = ok(200, shop.get(SERVICE, "/orders?needs_attention=true", admin));
    assertEquals(1, waiting.getJsonArray("items").size());
    shop.start("product-service");
    assertEquals(
        1,
        ok(200, shop.get(SERVICE, "/orders/invariants", admin))
            .getJsonObject("sagas")
            .getInteger("needs_attention"));

    JsonObject resumed = ok(200, shop.post(SERVICE, path + "resume", admin, null));

    assertEquals("ended", resumed.getJsonObject("saga").getString("state"));
    assertEquals("paid", resumed.getString("status"));
    problem(409, "conflict", shop.post(SERVICE, path + "resume", admin, null));
    problem(409, "conflict", shop.post(SERVICE, path + "compensate", admin, null));
  }

  @Test
  void anOperatorCallsOffWhatWasTriedInVain() {
    shop.attempts(2);
    restartOrders();
    JsonObject order = stuck();
    String id = order.getString("order_id");
    shop.start("product-service");

    JsonObject off = ok(200, shop.post(SERVICE, "/orders/" + id + "/saga/compensate", admin, null));

    assertEquals("cancelled", off.getString("status"));
    assertEquals(
        5, shop.stock(order.getJsonArray("items").getJsonObject(0).getString("product_id")));
    // The payment is still pending: it learns that the order is off, and goes back.
    shop.stop("payment-service");
    shop.start("payment-service");
    until(() -> payment(id).equals("refunded"));
  }

  private static JsonObject stuck() {
    JsonObject order = shop.order(ann, shop.product("5", 5), 2);
    shop.stop("product-service");
    assertTrue(shop.pay(ann, order).statusCode() >= 500);
    until(() -> saga(order).getString("state").equals("needs_attention"));
    return order;
  }

  private static void restartOrders() {
    shop.stop(SERVICE);
    shop.start(SERVICE);
  }

  @Test
  void theWorldIsToldInOrder() {
    List<JsonObject> told = new CopyOnWriteArrayList<>();
    var orders = shop.vertx().eventBus().<JsonObject>consumer("stoa.events.orders");
    var payments = shop.vertx().eventBus().<JsonObject>consumer("stoa.events.payments");
    orders.handler(message -> told.add(message.body()));
    payments.handler(message -> told.add(message.body()));
    JsonObject order = shop.order(ann, shop.product("5", 5), 2);
    String id = order.getString("order_id");
    ok(201, shop.pay(ann, order));
    ok(200, shop.status(ann, id, "cancelled"));

    until(() -> types(told, id, "order").size() >= 4);
    until(() -> types(told, id, "payment").size() >= 2);

    assertEquals(
        List.of("order.created", "order.reserved", "order.paid", "order.cancelled"),
        types(told, id, "order"));
    assertEquals(List.of("payment.completed", "payment.refunded"), types(told, id, "payment"));
    await(orders.unregister());
    await(payments.unregister());
  }

  private static List<String> types(List<JsonObject> told, String subject, String what) {
    return told.stream()
        .filter(event -> event.getString("subject").equals(subject))
        .map(event -> event.getString("type"))
        .filter(type -> type.startsWith(what + "."))
        .distinct()
        .toList();
  }

  @Test
  void mixedBasketsBoughtAndCalledOffAtOnceEndWithTheBooksInOrder() {
    String lamp = shop.product("1", 60);
    String desk = shop.product("2", 60);
    List<Future<?>> customers = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      JsonObject wanted = i % 2 == 0 ? basket(lamp, 1, desk, 1) : basket(desk, 1, lamp, 1);
      boolean callsOff = i % 3 == 0;
      customers.add(
          shop.send(HttpMethod.POST, SERVICE, "/orders", ann, wanted)
              .compose(answer -> goOn(answer, callsOff)));
    }

    customers.forEach(Shop::await);

    JsonObject[] report = {null};
    until(
        () -> {
          report[0] = ok(200, shop.get(SERVICE, "/orders/invariants", admin));
          return report[0].getJsonObject("orders").getInteger("unsettled") == 0;
        });
    assertTrue(report[0].getBoolean("ok"), report[0].encodePrettily());
    assertEquals(shop.stock(lamp), shop.stock(desk));
  }

  private static Future<?> goOn(HttpResponse<Buffer> placed, boolean callsOff) {
    if (placed.statusCode() == 409) {
      return Future.succeededFuture();
    }
    JsonObject order = ok(201, placed);
    String status = "/orders/" + order.getString("order_id") + "/status";
    return shop.payLater(ann, order)
        .map(answer -> ok(201, answer))
        .compose(
            paid ->
                callsOff
                    ? shop.send(
                            HttpMethod.PUT,
                            SERVICE,
                            status,
                            ann,
                            new JsonObject().put("status", "cancelled"))
                        .map(answer -> ok(200, answer))
                    : Future.succeededFuture());
  }

  private static String payment(String orderId) {
    return ok(200, shop.get("payment-service", "/payments?order_id=" + orderId, ann))
        .getJsonArray("items")
        .getJsonObject(0)
        .getString("status");
  }

  private static JsonObject saga(JsonObject order) {
    String path = "/orders/" + order.getString("order_id") + "/timeline";
    return ok(200, shop.get(SERVICE, path, ann)).getJsonObject("saga");
  }

  private static String status(JsonObject order) {
    return shop.order(ann, order.getString("order_id")).getString("status");
  }
}
