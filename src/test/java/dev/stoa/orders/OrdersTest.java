package dev.stoa.orders;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.basket;
import static dev.stoa.shop.Shop.ok;
import static dev.stoa.shop.Shop.problem;
import static dev.stoa.shop.Shop.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.service.Transport;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import dev.stoa.shop.Shops;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders from outside: all four services, real databases, HTTP. */
class OrdersTest {
  private static final String SERVICE = OrdersVerticle.SERVICE;

  @RegisterExtension static final Shops SHOPS = new Shops();

  @ParameterizedTest
  @EnumSource
  void placesAnOrderAndTakesItsStock(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("19.99", 10);
    String desk = shop.product("250", 3);

    HttpResponse<Buffer> answer = shop.post(SERVICE, "/orders", ann, basket(lamp, 2, desk, 1));

    JsonObject order = ok(201, answer);
    assertEquals("orders/" + order.getString("order_id"), answer.getHeader("Location"));
    assertEquals(ann.id(), order.getString("user_id"));
    assertEquals("reserved", order.getString("status"));
    assertEquals(289.98, order.getDouble("total_amount"));
    assertEquals("USD", order.getString("currency"));
    assertEquals(
        new JsonObject()
            .put("product_id", lamp)
            .put("name", "Lamp")
            .put("quantity", 2)
            .put("unit_price", 19.99)
            .put("line_total", 39.98),
        order.getJsonArray("items").getJsonObject(0));
    assertEquals(
        Duration.ofMinutes(15),
        Duration.between(
            Instant.parse(order.getString("created_at")),
            Instant.parse(order.getString("expires_at"))));
    assertEquals(order, shop.order(ann, order.getString("order_id")));
    assertEquals(8, shop.stock(lamp));
    assertEquals(2, shop.stock(desk));
  }

  @ParameterizedTest
  @EnumSource
  void namesEachItemThatIsShortAndTakesNothing(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("1", 5);
    String desk = shop.product("1", 0);
    String sofa = shop.product("1", 7);

    JsonObject problem =
        problem(
            409,
            "insufficient-stock",
            shop.post(SERVICE, "/orders", ann, basket(lamp, 5, desk, 1, sofa, 8)));

    assertEquals(List.of("items.1.quantity", "items.2.quantity"), fields(problem));
    assertEquals(5, shop.stock(lamp));
    assertEquals(7, shop.stock(sofa));
  }

  @ParameterizedTest
  @EnumSource
  void namesEachUnknownProduct(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("1", 5);

    JsonObject problem =
        problem(
            422,
            "unknown-product",
            shop.post(SERVICE, "/orders", ann, basket(lamp, 1, UUID.randomUUID().toString(), 1)));

    assertEquals(List.of("items.1.product_id"), fields(problem));
    assertEquals(5, shop.stock(lamp));
  }

  @Test
  void anIdIsTheSameInCapitals() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    String lamp = shop.product("5", 9);

    JsonObject order = shop.order(ann, lamp.toUpperCase(Locale.ROOT), 2);

    assertEquals(lamp, order.getJsonArray("items").getJsonObject(0).getString("product_id"));
    assertEquals(7, shop.stock(lamp));
    problem(
        400,
        "invalid-input",
        shop.post(SERVICE, "/orders", ann, basket(lamp, 1, lamp.toUpperCase(Locale.ROOT), 1)));
  }

  @Test
  void ordersAreOfOneCurrency() {
    Shop shop = SHOPS.over(Transport.HTTP);
    String lamp = shop.product("1", 5, "USD");
    String desk = shop.product("1", 5, "EUR");

    JsonObject problem =
        problem(
            422,
            "unprocessable",
            shop.post(SERVICE, "/orders", shop.customer(), basket(lamp, 1, desk, 1)));

    assertEquals(List.of("items.1.product_id"), fields(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | items",
        "{\"items\":[]} | items",
        "{\"items\":[{\"product_id\":\"x\",\"quantity\":1}]} | items.0.product_id",
        "{\"items\":[{\"quantity\":1}]} | items.0.product_id",
        "{\"items\":[{\"product_id\":\"ID\",\"quantity\":0}]} | items.0.quantity",
        "{\"items\":[{\"product_id\":\"ID\",\"quantity\":1.5}]} | items.0.quantity",
        "{\"items\":[{\"product_id\":\"ID\",\"quantity\":1000001}]} | items.0.quantity",
        "{\"items\":[{\"product_id\":\"ID\",\"quantity\":1,\"price\":0}]} | items.0.price",
        "{\"items\":[{\"product_id\":\"ID\",\"quantity\":1},"
            + "{\"product_id\":\"ID\",\"quantity\":1}]} | items.1.product_id",
      })
  void namesTheFieldThatIsInvalid(String body, String field) {
    Shop shop = SHOPS.over(Transport.HTTP);
    JsonObject json = new JsonObject(body.replace("ID", UUID.randomUUID().toString()));

    JsonObject problem =
        problem(400, "invalid-input", shop.post(SERVICE, "/orders", shop.customer(), json));

    assertEquals(List.of(field), fields(problem));
  }

  @Test
  void needsAUserWhoExists() {
    Shop shop = SHOPS.over(Transport.HTTP);
    String lamp = shop.product("1", 5);

    problem(401, "missing-token", shop.post(SERVICE, "/orders", null, basket(lamp, 1)));
    problem(403, "forbidden", shop.post(SERVICE, "/orders", shop.admin(), basket(lamp, 1)));

    assertEquals(5, shop.stock(lamp));
  }

  @Test
  void refusesASumBeyondTheMaximum() {
    Shop shop = SHOPS.over(Transport.HTTP);
    String yacht = shop.product("1000000000", 1_000_000);

    problem(
        422,
        "unprocessable",
        shop.post(SERVICE, "/orders", shop.customer(), basket(yacht, 1_000_000)));

    assertEquals(1_000_000, shop.stock(yacht));
  }

  @Test
  void keepsThePriceOfTheDayItWasPlaced() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    String lamp = shop.product("10", 5);
    JsonObject order = shop.order(ann, lamp, 1);

    await(
        shop.send(
            HttpMethod.PUT,
            "product-service",
            "/products/" + lamp,
            shop.admin(),
            new JsonObject().put("price", 99).put("name", "Lantern")));

    assertEquals(order, shop.order(ann, order.getString("order_id")));
  }

  @Test
  void othersDoNotFindIt() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person bob = shop.customer();
    String id = shop.order(shop.customer(), shop.product("1", 5), 1).getString("order_id");

    problem(404, "not-found", shop.get(SERVICE, "/orders/" + id, bob));
    problem(404, "not-found", shop.get(SERVICE, "/orders/" + id + "/timeline", bob));
    problem(404, "not-found", shop.status(bob, id, "cancelled"));
    problem(404, "not-found", shop.get(SERVICE, "/orders/" + UUID.randomUUID(), bob));
    assertEquals("reserved", shop.order(shop.admin(), id).getString("status"));
  }

  @Test
  void listsOnesOwnNewestFirstPageByPage() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    String lamp = shop.product("1", 50);
    List<String> placed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      placed.add(0, shop.order(ann, lamp, i + 1).getString("order_id"));
    }
    shop.order(shop.customer(), lamp, 1);

    List<String> listed = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    while (cursor != null) {
      JsonObject page = ok(200, shop.get(SERVICE, "/orders?limit=2" + cursor, ann));
      listed.addAll(ids(page));
      cursor = page.getString("next_cursor");
      cursor = cursor == null ? null : "&cursor=" + cursor;
      pages++;
    }

    assertEquals(placed, listed);
    assertEquals(3, pages);
  }

  @Test
  void listsByStatusAndByUser() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    Person bob = shop.customer();
    String lamp = shop.product("1", 50);
    String kept = shop.order(ann, lamp, 1).getString("order_id");
    String dropped = shop.order(ann, lamp, 1).getString("order_id");
    ok(200, shop.status(ann, dropped, "cancelled"));
    String bobs = shop.order(bob, lamp, 1).getString("order_id");
    Person admin = shop.admin();

    assertEquals(List.of(dropped), ids(ok(200, list(shop, "status=cancelled", ann))));
    assertEquals(List.of(kept), ids(ok(200, list(shop, "status=reserved", ann))));
    assertEquals(List.of(bobs), ids(ok(200, list(shop, "user_id=" + bob.id(), admin))));
    assertEquals(List.of(bobs), ids(ok(200, list(shop, "limit=1", admin))));
    assertEquals(List.of(bobs), ids(ok(200, list(shop, "user_id=" + bob.id(), bob))));
    problem(403, "forbidden", list(shop, "user_id=" + bob.id(), ann));
    problem(400, "invalid-input", list(shop, "status=lost", ann));
    problem(400, "invalid-input", list(shop, "limit=101", ann));
  }

  private static HttpResponse<Buffer> list(Shop shop, String query, Person person) {
    return shop.get(SERVICE, "/orders?" + query, person);
  }

  @ParameterizedTest
  @EnumSource
  void cancellingPutsTheStockBack(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("1", 5);
    String id = shop.order(ann, lamp, 5).getString("order_id");
    assertEquals(0, shop.stock(lamp));

    JsonObject cancelled = ok(200, shop.status(ann, id, "cancelled"));

    assertEquals("cancelled", cancelled.getString("status"));
    assertNull(cancelled.getString("expires_at"));
    assertEquals(5, shop.stock(lamp));
    JsonObject again = problem(409, "illegal-transition", shop.status(ann, id, "cancelled"));
    assertEquals("cancelled", again.getString("from"));
    assertEquals("cancelled", again.getString("to"));
    assertEquals(5, shop.stock(lamp));
  }

  @ParameterizedTest
  @EnumSource
  void cancellingAPaidOrderGivesTheMoneyBack(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("12.50", 5);
    JsonObject order = shop.order(ann, lamp, 2);
    String payment = ok(201, shop.pay(ann, order)).getString("payment_id");
    assertEquals(3, shop.stock(lamp));

    ok(200, shop.status(ann, order.getString("order_id"), "cancelled"));

    JsonObject refunded = ok(200, shop.get("payment-service", "/payments/" + payment, ann));
    assertEquals("refunded", refunded.getString("status"));
    assertEquals(25.0, refunded.getDouble("refunded_amount"));
    assertEquals(5, shop.stock(lamp));
    assertEquals(
        List.of(
            "created",
            "reserved",
            "payment_received",
            "paid",
            "refund_requested",
            "refunded",
            "cancelled",
            "stock_released"),
        events(shop, order, ann));
  }

  @Test
  void staysPaidAndIsCancelledLaterWherePaymentsIsAway() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    String lamp = shop.product("12.50", 5);
    JsonObject order = shop.order(ann, lamp, 2);
    String id = order.getString("order_id");
    ok(201, shop.pay(ann, order));

    shop.stop("payment-service");
    try {
      problem(503, "service-unavailable", shop.status(ann, id, "cancelled"));
      assertEquals("paid", shop.order(ann, id).getString("status"));
      problem(409, "conflict", shop.status(shop.admin(), id, "shipped"));
    } finally {
      shop.start("payment-service");
    }

    assertEquals("cancelled", ok(200, shop.status(ann, id, "cancelled")).getString("status"));
    assertEquals(5, shop.stock(lamp));
  }

  @Test
  void onlyLegalStepsAndOnlyByWhoMay() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    Person admin = shop.admin();
    JsonObject order = shop.order(ann, shop.product("1", 5), 1);
    String id = order.getString("order_id");

    for (String status : List.of("pending", "reserved", "paid", "shipped", "delivered")) {
      problem(409, "illegal-transition", shop.status(admin, id, status));
    }
    ok(201, shop.pay(ann, order));
    problem(403, "forbidden", shop.status(ann, id, "shipped"));
    assertEquals("shipped", ok(200, shop.status(admin, id, "shipped")).getString("status"));
    JsonObject problem = problem(409, "illegal-transition", shop.status(ann, id, "cancelled"));
    assertEquals("shipped", problem.getString("from"));
    assertEquals("delivered", ok(200, shop.status(admin, id, "delivered")).getString("status"));
    problem(400, "invalid-input", shop.status(admin, id, "lost"));
  }

  @Test
  void ofTwoWhoChangeItAtOnceOneWins() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    Person admin = shop.admin();
    JsonObject order = shop.order(ann, shop.product("1", 5), 1);
    String path = "/orders/" + order.getString("order_id") + "/status";
    ok(201, shop.pay(ann, order));

    List<Future<HttpResponse<Buffer>>> both =
        List.of(
            shop.send(
                HttpMethod.PUT, SERVICE, path, admin, new JsonObject().put("status", "shipped")),
            shop.send(
                HttpMethod.PUT, SERVICE, path, ann, new JsonObject().put("status", "cancelled")));

    List<Integer> answers = both.stream().map(f -> await(f).statusCode()).sorted().toList();
    assertEquals(List.of(200, 409), answers);
    List<String> events = events(shop, order, ann);
    assertNotEquals(events.contains("shipped"), events.contains("cancelled"));
  }

  @Test
  void anExpiredOrderIsCancelledWhenSomebodyLooks() {
    Shop shop = SHOPS.over(Transport.HTTP);
    shop.hold(Duration.ZERO, Duration.ofSeconds(30));
    Person ann = shop.customer();
    String lamp = shop.product("1", 5);

    JsonObject order = shop.order(ann, lamp, 5);

    problem(409, "conflict", shop.pay(ann, order));
    assertEquals("cancelled", shop.order(ann, order.getString("order_id")).getString("status"));
    assertEquals(5, shop.stock(lamp));
  }

  @Test
  void theSweepCancelsWhatNobodyPays(@TempDir Path dir) {
    try (Shop shop = new Shop(dir, Transport.HTTP)) {
      Person ann = shop.customer();
      String lamp = shop.product("1", 5);
      shop.hold(Duration.ofMillis(200), Duration.ofMillis(20));
      shop.stop(SERVICE);
      shop.start(SERVICE);

      JsonObject order = shop.order(ann, lamp, 5);

      until(() -> shop.stock(lamp) == 5);
      until(() -> events(shop, order, ann).contains("stock_released"));
      assertEquals(
          List.of("created", "reserved", "cancelled", "stock_released"), events(shop, order, ann));
    }
  }

  @Test
  void neverSellsMoreThanThereIs() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    String lamp = shop.product("1", 100);
    JsonObject one = basket(lamp, 1);

    List<Future<HttpResponse<Buffer>>> all =
        IntStream.range(0, 200)
            .mapToObj(i -> shop.send(HttpMethod.POST, SERVICE, "/orders", ann, one))
            .toList();

    List<Integer> answers = all.stream().map(f -> await(f).statusCode()).toList();
    assertEquals(100, answers.stream().filter(status -> status == 201).count());
    assertEquals(100, answers.stream().filter(status -> status == 409).count());
    assertEquals(0, shop.stock(lamp));
  }

  @Test
  void tellsWhatHappenedAndWhoDidIt() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("1", 5), 1);

    JsonArray events =
        ok(200, shop.get(SERVICE, "/orders/" + order.getString("order_id") + "/timeline", ann))
            .getJsonArray("items");

    JsonObject created = events.getJsonObject(0);
    assertEquals("created", created.getString("event"));
    assertEquals("pending", created.getString("status"));
    assertEquals("customer:" + ann.id(), created.getString("actor"));
    assertTrue(created.getString("request_id").length() > 1);
    assertEquals(created.getString("request_id"), events.getJsonObject(1).getString("request_id"));
  }

  private static List<String> events(Shop shop, JsonObject order, Person person) {
    return ok(
            200, shop.get(SERVICE, "/orders/" + order.getString("order_id") + "/timeline", person))
        .getJsonArray("items")
        .stream()
        .map(event -> ((JsonObject) event).getString("event"))
        .toList();
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("items").stream()
        .map(order -> ((JsonObject) order).getString("order_id"))
        .toList();
  }

  private static List<String> fields(JsonObject problem) {
    return problem.getJsonArray("errors").stream()
        .map(error -> ((JsonObject) error).getString("field"))
        .toList();
  }
}
