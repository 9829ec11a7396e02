package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shop is for, from registering to the money back. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class StoryContract {
  private static final String UUID_7 =
      "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  private final TestedShop stoa;
  private final Shop shop;
  private final Caller admin;

  StoryContract(TestedShop stoa) {
    this.stoa = stoa;
    this.shop = stoa.shop();
    this.admin = stoa.admin();
  }

  @Test
  void fromRegisterToPaidOrder() {
    Answer registered = shop.register("ann.of-the-shop", "a long password").expect(201);
    assertTrue(registered.text("user_id").matches(UUID_7));
    assertEquals(new JsonArray().add("customer"), registered.json().getJsonArray("roles"));
    assertFalse(registered.json().encode().contains("password"));

    Answer login =
        shop.visitor()
            .post("/api/auth/login", Shop.credentials("ann.of-the-shop", "a long password"))
            .expect(200);
    assertEquals("Bearer", login.text("token_type"));
    assertEquals(3600, login.json().getInteger("expires_in"));
    JsonObject user = login.json().getJsonObject("user");
    assertEquals(registered.text("user_id"), user.getString("user_id"));
    assertEquals("ann.of-the-shop", user.getString("username"));
    assertEquals(new JsonArray().add("customer"), user.getJsonArray("roles"));
    assertEquals("no-store", login.header("Cache-Control"));

    Caller ann = shop.logIn("ann.of-the-shop", "a long password");
    assertEquals(
        "ann.of-the-shop", ann.get("/api/users/" + ann.userId()).expect(200).text("username"));

    String lamp = shop.product(admin, "Lamp of Alexandria", 19.99, 5);
    String scroll = shop.product(admin, "Scroll", 0.1, 10);
    JsonObject basket =
        new JsonObject().put("items", new JsonArray().add(item(lamp, 2)).add(item(scroll, 3)));
    JsonObject order = ann.post("/api/orders", basket).expect(201).json();
    assertTrue(order.getString("order_id").matches(UUID_7));
    assertEquals("reserved", order.getString("status"));
    assertEquals(40.28, order.getDouble("total_amount"));
    assertEquals("USD", order.getString("currency"));
    assertEquals(List.of("Lamp of Alexandria", "Scroll"), names(order.getJsonArray("items")));
    assertTrue(
        Instant.parse(order.getString("expires_at"))
            .isAfter(Instant.parse(order.getString("created_at"))));
    assertEquals(3, shop.stock(lamp));
    assertEquals(7, shop.stock(scroll));

    JsonObject payment = ann.pay(order).expect(201).json();
    assertEquals("completed", payment.getString("status"));
    assertTrue(payment.getString("payment_id").matches(UUID_7));

    String path = "/api/orders/" + order.getString("order_id");
    JsonObject paid = ann.get(path).expect(200).json();
    assertEquals("paid", paid.getString("status"));
    assertEquals(payment.getString("payment_id"), paid.getString("payment_id"));
    assertNull(paid.getString("expires_at"));
    assertEquals(paid, ann.get("/api/orders?status=paid").expect(200).items().get(0));
    assertEquals(
        "completed",
        ann.get("/api/payments/" + payment.getString("payment_id")).expect(200).text("status"));

    List<JsonObject> events = ann.get(path + "/timeline").expect(200).items();
    assertEquals(
        List.of("created", "reserved", "payment_received", "paid"),
        events.stream().map(event -> event.getString("event")).toList());
    events.forEach(event -> assertNotNull(Instant.parse(event.getString("at"))));
    assertTrue(events.get(0).getString("actor").endsWith(ann.userId()));
  }

  @Test
  void operatorsReachTheSagaAndTheBooksThroughTheGateway() {
    Caller customer = shop.customer();
    JsonObject order = customer.order(shop.product(admin, "Amphora", 1, 9), 1).expect(201).json();
    String saga = "/api/orders/" + order.getString("order_id") + "/saga/";

    customer.post(saga + "resume", new JsonObject()).expectProblem(403, "forbidden");
    customer.post(saga + "compensate", new JsonObject()).expectProblem(403, "forbidden");
    customer.get("/api/orders/invariants").expectProblem(403, "forbidden");
    admin.post(saga + "resume", new JsonObject()).expectProblem(409, "conflict");
    admin.post(saga + "compensate", new JsonObject()).expectProblem(409, "conflict");
    assertTrue(admin.get("/api/orders?needs_attention=true").expect(200).items().isEmpty());
    assertTrue(admin.get("/api/orders/invariants").expect(200).json().getBoolean("ok"));
  }

  @Test
  void whatIsCreatedIsWhereItsLocationSays() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Here", 1, 9);
    JsonObject order = customer.order(product, 1).expect(201).json();

    assertLocation(customer, customer.order(product, 1));
    assertLocation(customer, customer.pay(order));
    assertLocation(
        admin,
        admin.post(
            "/api/products",
            new JsonObject().put("name", "There").put("price", 1).put("stock", 1)));
    assertLocation(
        admin, admin.post("/api/users", Shop.credentials("made-by-admin", "a long password")));
    assertLocation(admin, shop.register("made-by-herself", "a long password"));
  }

  private static void assertLocation(Caller reader, Answer created) {
    String location = created.expect(201).header("Location");
    assertNotNull(location, created::toString);
    URI there = URI.create("http://shop" + created.target()).resolve(location);
    assertEquals(created.json(), reader.get(there.getPath()).expect(200).json());
  }

  @ParameterizedTest
  @CsvSource({
    "ÜBERGRÖSSE im Regal, übergrösse",
    "Die Straße, STRASSE",
    "Αγορά της Στοάς, ΣΤΟΆΣ",
    "100% cotton_shirt, 0% COTTON_",
    "'(a+)+$ [brackets] \\ \"quotes\"', (A+)+$ [",
    "日本の茶碗, の茶",
  })
  void searchFindsAnyPartOfANameInAnyCaseAndScript(String name, String text) {
    String id = shop.product(admin, name, 3, 1);
    shop.product(admin, "Something else", 3, 1);

    List<JsonObject> found = search(text).items();

    assertEquals(
        List.of(id), found.stream().map(product -> product.getString("product_id")).toList());
    assertEquals(name, found.get(0).getString("name"));
  }

  @Test
  void searchTakesNoCharacterForAPattern() {
    shop.product(admin, "Plainest", 3, 1);

    for (String text :
        List.of("Plain%", "P_ainest", ".*", "Plain*", "(P+)+$", "'; DROP TABLE products; --")) {
      assertEquals(List.of(), search(text).items());
    }
  }

  private Answer search(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    return shop.visitor().get("/api/products/search?q=" + encoded).expect(200);
  }

  @Test
  void listsComeInPages() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Many", 1, 100);
    List<String> orders =
        IntStream.range(0, 5)
            .mapToObj(i -> customer.order(product, 1).expect(201).text("order_id"))
            .toList();

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = customer.get("/api/orders?limit=2" + cursor).expect(200);
      assertTrue(page.items().size() <= 2);
      page.items().forEach(order -> seen.add(order.getString("order_id")));
      cursor = page.text("next_cursor") == null ? null : "&cursor=" + page.text("next_cursor");
    } while (cursor != null);

    assertEquals(5, seen.size());
    assertEquals(Set.copyOf(orders), Set.copyOf(seen));
    assertEquals(1, shop.visitor().get("/api/products?limit=1").expect(200).items().size());
  }

  @Test
  void pricesAreThoseOfTheMomentOfTheOrder() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Volatile", 10, 5);
    JsonObject order = customer.order(product, 2).expect(201).json();

    admin.put("/api/products/" + product, new JsonObject().put("price", 99.5)).expect(200);

    assertEquals(99.5, shop.visitor().get("/api/products/" + product).json().getDouble("price"));
    JsonObject read = customer.get("/api/orders/" + order.getString("order_id")).expect(200).json();
    assertEquals(20.0, read.getDouble("total_amount"));
    customer.pay(order).expect(201);
  }

  @Test
  void theOwnerCancelsAndTheStockComesBack() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Regretted", 10, 5);
    String order = customer.order(product, 2).expect(201).text("order_id");
    assertEquals(3, shop.stock(product));

    JsonObject cancelled =
        customer.put("/api/orders/" + order + "/status", status("cancelled")).expect(200).json();

    assertEquals("cancelled", cancelled.getString("status"));
    assertEquals(5, shop.stock(product));
    assertTrue(events(customer, order).containsAll(List.of("cancelled", "stock_released")));
  }

  @Test
  void aRefundCancelsThePaidOrder() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Refunded", 10, 5);
    JsonObject order = customer.order(product, 2).expect(201).json();
    String payment = customer.pay(order).expect(201).text("payment_id");

    JsonObject refunded =
        customer.post("/api/payments/" + payment + "/refund", null).expect(200).json();

    assertEquals("refunded", refunded.getString("status"));
    assertEquals(20.0, refunded.getDouble("refunded_amount"));
    assertEquals(
        "cancelled",
        customer.get("/api/orders/" + order.getString("order_id")).expect(200).text("status"));
    assertEquals(5, shop.stock(product));
  }

  @Test
  void aCancelledPaidOrderGivesTheMoneyBack() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Returned", 10, 5);
    JsonObject order = customer.order(product, 1).expect(201).json();
    String payment = customer.pay(order).expect(201).text("payment_id");

    customer
        .put("/api/orders/" + order.getString("order_id") + "/status", status("cancelled"))
        .expect(200);

    assertEquals("refunded", customer.get("/api/payments/" + payment).expect(200).text("status"));
    assertEquals(5, shop.stock(product));
  }

  @Test
  void theShopShipsAndDelivers() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Shipped", 10, 5);
    JsonObject order = customer.order(product, 1).expect(201).json();
    String path = "/api/orders/" + order.getString("order_id") + "/status";
    String payment = customer.pay(order).expect(201).text("payment_id");

    assertEquals("shipped", admin.put(path, status("shipped")).expect(200).text("status"));
    customer.put(path, status("cancelled")).expectProblem(409, "illegal-transition");
    assertEquals("delivered", admin.put(path, status("delivered")).expect(200).text("status"));
    admin
        .post("/api/payments/" + payment + "/refund", new JsonObject().put("amount", 2.5))
        .expect(200);
    JsonObject partly = customer.get("/api/payments/" + payment).expect(200).json();
    assertEquals("partially_refunded", partly.getString("status"));
    assertEquals(2.5, partly.getDouble("refunded_amount"));
  }

  @Test
  void stockIsTakenOffAndPutBackByAdmins() {
    String product = shop.product(admin, "Counted", 1, 10);
    String path = "/api/products/" + product + "/stock";

    admin.put(path, new JsonObject().put("quantity", 4)).expect(200);
    assertEquals(6, shop.stock(product));
    admin.put(path, new JsonObject().put("quantity", 7)).expectProblem(409, "insufficient-stock");
    admin.put(path, new JsonObject().put("quantity", -2)).expect(200);

    assertEquals(8, shop.stock(product));
  }

  @Test
  void manyBuyersAtOnceNeverBuyMoreThanThereIs() {
    String product = shop.product(admin, "Wanted", 5, 10);
    Caller customer = shop.customer();

    List<Future<Answer>> wishes =
        IntStream.range(0, 25)
            .mapToObj(
                i ->
                    Shop.answer(
                        customer
                            .request(HttpMethod.POST, "/api/orders")
                            .putHeader("Content-Type", "application/json"),
                        HttpMethod.POST,
                        "/api/orders",
                        Shop.basket(product, 1).toBuffer()))
            .toList();
    List<Integer> statuses = wishes.stream().map(Shop::await).map(Answer::status).toList();

    assertEquals(10, statuses.stream().filter(status -> status == 201).count(), statuses::toString);
    assertEquals(Set.of(201, 409), new HashSet<>(statuses));
    assertEquals(0, shop.stock(product));
  }

  @Test
  void aDeclinedOrderCanBePaidAgain() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Declined", 7.5, 5);
    JsonObject order = customer.order(product, 2).expect(201).json();
    stoa.successRate(0);

    JsonObject declined = customer.pay(order).expect(402).json();

    assertEquals("failed", declined.getString("status"));
    assertEquals("/problems/payment-declined", declined.getString("type"));
    String failed = declined.getString("payment_id");
    assertEquals("failed", customer.get("/api/payments/" + failed).expect(200).text("status"));
    assertEquals(
        "reserved", customer.get("/api/orders/" + order.getString("order_id")).text("status"));
    assertEquals(3, shop.stock(product));

    stoa.successRate(1);
    JsonObject payment = customer.pay(order).expect(201).json();

    assertEquals("completed", payment.getString("status"));
    assertNotEquals(failed, payment.getString("payment_id"));
    assertEquals("paid", customer.get("/api/orders/" + order.getString("order_id")).text("status"));
  }

  @Test
  void aDeletedUserIsGoneAndItsOrdersStay() {
    Caller customer = shop.customer();
    String product = shop.product(admin, "Inherited", 1, 5);
    String order = customer.order(product, 1).expect(201).text("order_id");

    customer.delete("/api/users/" + customer.userId()).expect(204);

    admin.get("/api/users/" + customer.userId()).expectProblem(404, "not-found");
    shop.visitor()
        .post("/api/auth/login", Shop.credentials(customer.username(), customer.password()))
        .expectProblem(401, "bad-credentials");
    assertEquals(customer.userId(), admin.get("/api/orders/" + order).expect(200).text("user_id"));
  }

  @Test
  void aUserChangesNameAndPassword() {
    Caller customer = shop.customer();
    String path = "/api/users/" + customer.userId();

    customer.put(path, new JsonObject().put("email", "me@example.org")).expect(200);
    customer
        .put(
            path,
            new JsonObject()
                .put("password", "another long one")
                .put("current_password", customer.password()))
        .expect(200);

    assertEquals("me@example.org", customer.get(path).expect(200).text("email"));
    assertEquals(customer.userId(), shop.logIn(customer.username(), "another long one").userId());
    shop.visitor()
        .post("/api/auth/login", Shop.credentials(customer.username(), customer.password()))
        .expectProblem(401, "bad-credentials");
  }

  private static List<String> events(Caller caller, String order) {
    return caller.get("/api/orders/" + order + "/timeline").expect(200).items().stream()
        .map(event -> event.getString("event"))
        .toList();
  }

  private static List<String> names(JsonArray items) {
    return items.stream().map(item -> ((JsonObject) item).getString("name")).toList();
  }

  private static JsonObject item(String product, int quantity) {
    return new JsonObject().put("product_id", product).put("quantity", quantity);
  }

  private static JsonObject status(String status) {
    return new JsonObject().put("status", status);
  }
}
