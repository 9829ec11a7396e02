package dev.stoa.products;

import static dev.stoa.service.ServiceHarness.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.service.ServiceHarness;
import dev.stoa.shop.Shop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ReservationServiceTest {
  private static final String NOBODYS = "0190b2a0-0000-7000-8000-000000000404";

  private final String order = UUID.randomUUID().toString();
  private ServiceHarness service;
  private String teapot;
  private String cup;

  @BeforeEach
  void start(Vertx vertx, @TempDir Path directory) {
    service = new ServiceHarness(vertx, ProductsVerticle.SERVICE, directory);
    service.deploy(
        new ProductsVerticle(
            service.chassis(),
            service.config(),
            service.databases(),
            Live.fixed(
                new ProductsConfig(
                    "EUR", Duration.ofMinutes(15), Duration.ofDays(1), Duration.ofMillis(20)))));
    teapot = add("teapot", 10);
    cup = add("cup", 20);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void takesAllItems() {
    HttpResponse<Buffer> answer = reserve(order, item(cup, 3), item(teapot, 2));

    assertEquals(200, answer.statusCode(), answer.bodyAsString());
    assertEquals(
        new JsonObject()
            .put("order_id", order)
            .put("status", "held")
            .put("items", new JsonArray().add(item(teapot, 2)).add(item(cup, 3))),
        without(answer, "expires_at"));
    assertEquals(8, stock(teapot));
    assertEquals(17, stock(cup));
  }

  @Test
  void takesNothingWhereOneIsShortAndNamesEachAtFault() {
    String spoon = add("spoon", 1);

    HttpResponse<Buffer> answer = reserve(order, item(spoon, 2), item(teapot, 2), item(cup, 21));

    assertEquals("409 insufficient-stock items.0.quantity items.2.quantity", problem(answer));
    assertTrue(
        answer.bodyAsString().contains("only 20 left of product " + cup), answer.bodyAsString());
    assertEquals(List.of(1L, 10L, 20L), List.of(stock(spoon), stock(teapot), stock(cup)));
    assertEquals("409 insufficient-stock", problem(reserve(order, item(teapot, 2))));
    assertEquals(10, stock(teapot));
  }

  @Test
  void refusesWhatItDoesNotSell() {
    assertEquals(
        "422 unknown-product items.1.product_id",
        problem(reserve(order, item(teapot, 11), item(NOBODYS, 1), item(cup, 1))));
    assertEquals(10, stock(teapot));
    assertEquals(20, stock(cup));
  }

  @Test
  void refusesInputNamingTheField() {
    assertEquals("400 invalid-input items", problem(reserve(order)));
    assertEquals("400 invalid-input items.0.quantity", problem(reserve(order, item(cup, 0))));
    assertEquals("400 invalid-input items.0.quantity", problem(reserve(order, item(cup, -1))));
    assertEquals("400 invalid-input items.0.product_id", problem(reserve(order, item("x", 1))));
    assertEquals("400 invalid-input order_id", problem(reserve("x", item(cup, 1))));
    assertEquals(
        "400 invalid-input items.1.product_id",
        problem(reserve(order, item(cup, 1), item(cup.toUpperCase(Locale.ROOT), 2))));
    assertEquals("400 invalid-input order_id", problem(step("x", "release")));
  }

  @Test
  void answersTheSameRequestTheSameAndTakesOnce() {
    HttpResponse<Buffer> first = reserve(order, item(teapot, 2), item(cup, 1));

    HttpResponse<Buffer> second = reserve(order, item(cup, 1), item(teapot, 2));

    assertEquals(first.bodyAsJsonObject(), second.bodyAsJsonObject());
    assertEquals(8, stock(teapot));
    assertEquals("409 conflict", problem(reserve(order, item(teapot, 3), item(cup, 1))));
    assertEquals("409 conflict", problem(reserve(order, item(teapot, 2))));
    assertEquals(8, stock(teapot));
  }

  @Test
  void releasesOnceWhatIsHeld() {
    reserve(order, item(teapot, 2), item(cup, 1));

    assertEquals("released", status(step(order, "release")));
    assertEquals("released", status(step(order, "release")));

    assertEquals(10, stock(teapot));
    assertEquals(20, stock(cup));
    assertEquals("409 conflict", problem(step(order, "commit")));
    assertEquals("409 conflict", problem(reserve(order, item(teapot, 2), item(cup, 1))));
  }

  @Test
  void releasesOnceWhatWasCommitted() {
    reserve(order, item(teapot, 2));

    assertEquals("committed", status(step(order, "commit")));
    assertEquals("committed", status(step(order, "commit")));
    assertEquals("committed", status(reserve(order, item(teapot, 2))));
    assertEquals(8, stock(teapot));
    assertEquals("released", status(step(order, "release")));
    assertEquals("released", status(step(order, "release")));

    assertEquals(10, stock(teapot));
  }

  @Test
  void refusesAReserveThatComesAfterItsRelease() {
    assertEquals("released", status(step(order, "release")));

    assertEquals("409 conflict", problem(reserve(order, item(teapot, 2))));
    assertEquals("released", status(step(order, "release")));
    assertEquals(10, stock(teapot));
  }

  @Test
  void cannotCommitWhatWasNeverReserved() {
    assertEquals("404 not-found", problem(step(order, "commit")));
    assertEquals("held", status(reserve(order, item(teapot, 2))));
  }

  @Test
  void aHoldThatLapsesGoesBackAndIsSoldToItsOrderOnlyIfItIsStillThere() {
    String late = UUID.randomUUID().toString();
    String tooLate = UUID.randomUUID().toString();
    reserve(0, late, item(teapot, 6));
    reserve(0, tooLate, item(cup, 15));
    Shop.until(() -> stock(teapot) == 10);
    Shop.until(() -> stock(cup) == 20);
    assertEquals("409 conflict", problem(reserve(0, late, item(teapot, 6))));
    reserve(order, item(cup, 6));

    assertEquals("committed", status(step(late, "commit")));
    assertEquals("409 insufficient-stock items.0.quantity", problem(step(tooLate, "commit")));

    assertEquals(4, stock(teapot));
    assertEquals(14, stock(cup));
    assertEquals("released", status(step(tooLate, "release")));
    assertEquals("409 conflict", problem(step(tooLate, "commit")));
    assertEquals(
        List.of("1 received 10", "2 reserved 6", "3 expired 6", "4 reserved 6", "5 sold 6"),
        movements(teapot));
  }

  @Test
  void eachChangeOfStockIsInTheLedgerAndTheBooksAddUp() {
    service.put(
        "/products/" + cup + "/stock", service.admin(), new JsonObject().put("quantity", 3));
    service.put(
        "/products/" + cup + "/stock", service.admin(), new JsonObject().put("quantity", -1));
    put(cup, 30);
    reserve(order, item(cup, 4));
    step(order, "commit");
    step(order, "release");

    assertEquals(
        List.of(
            "1 received 20",
            "2 adjusted -3",
            "3 received 1",
            "4 adjusted 12",
            "5 reserved 4",
            "6 sold 4",
            "7 returned 4"),
        movements(cup));
    assertEquals(403, service.get("/products/audit", service.admin()).statusCode());
    JsonArray books =
        service.get("/products/audit", service.service()).bodyAsJsonObject().getJsonArray("items");
    assertEquals(2, books.size());
    books.forEach(product -> assertNull(((JsonObject) product).getValue("fault")));
  }

  private List<String> movements(String product) {
    return service
        .get("/products/" + product + "/movements", service.admin())
        .bodyAsJsonObject()
        .getJsonArray("items")
        .stream()
        .map(JsonObject.class::cast)
        .map(m -> m.getValue("number") + " " + m.getString("kind") + " " + m.getValue("quantity"))
        .toList();
  }

  @Test
  void sellsMixedBasketsAtOnceToTheLastPiece() {
    put(teapot, 50);
    put(cup, 50);

    List<HttpResponse<Buffer>> answers =
        ServiceHarness.atOnce(
            120,
            i ->
                i % 2 == 0
                    ? sendReserve(UUID.randomUUID().toString(), item(teapot, 1), item(cup, 1))
                    : sendReserve(UUID.randomUUID().toString(), item(cup, 1), item(teapot, 1)));

    assertEquals(50, answers.stream().filter(a -> a.statusCode() == 200).count());
    assertEquals(
        70,
        answers.stream()
            .filter(a -> a.statusCode() == 409)
            .filter(a -> problem(a).startsWith("409 insufficient-stock"))
            .count());
    assertEquals(0, stock(teapot));
    assertEquals(0, stock(cup));
  }

  @Test
  void keepsTheSumWhileReservingAndReleasingAtOnce() {
    List<String> orders =
        IntStream.range(0, 40).mapToObj(i -> UUID.randomUUID().toString()).toList();

    ServiceHarness.atOnce(
        160,
        i -> {
          String any = orders.get(i % 40);
          return i < 80
              ? sendReserve(any, item(teapot, 1), item(cup, 1))
              : sendStep(any, i < 120 ? "release" : "commit");
        });

    long taken = orders.stream().filter(any -> step(any, "commit").statusCode() == 200).count();
    assertEquals(10 - taken, stock(teapot));
    assertEquals(20 - taken, stock(cup));
    orders.forEach(any -> assertEquals("released", status(step(any, "release"))));
    assertEquals(10, stock(teapot));
    assertEquals(20, stock(cup));
  }

  @Test
  void theSameOrderManyTimesAtOnceTakesOnce() {
    List<HttpResponse<Buffer>> answers =
        ServiceHarness.atOnce(30, i -> sendReserve(order, item(teapot, 4)));

    answers.forEach(answer -> assertEquals("held", status(answer)));
    assertEquals(6, stock(teapot));
  }

  private static JsonObject without(HttpResponse<Buffer> answer, String member) {
    JsonObject body = answer.bodyAsJsonObject();
    assertNotNull(body.remove(member));
    return body;
  }

  private HttpResponse<Buffer> reserve(int holdSeconds, String orderId, JsonObject... items) {
    JsonObject body =
        new JsonObject()
            .put("order_id", orderId)
            .put("hold_seconds", holdSeconds)
            .put("items", new JsonArray(List.of(items)));
    return service.post("/reservations", service.service(), body);
  }

  private Future<HttpResponse<Buffer>> sendReserve(String orderId, JsonObject... items) {
    JsonObject body =
        new JsonObject().put("order_id", orderId).put("items", new JsonArray(List.of(items)));
    return service.send(HttpMethod.POST, "/reservations", service.service(), body);
  }

  private HttpResponse<Buffer> reserve(String orderId, JsonObject... items) {
    return ServiceHarness.await(sendReserve(orderId, items));
  }

  private Future<HttpResponse<Buffer>> sendStep(String orderId, String step) {
    return service.send(
        HttpMethod.POST, "/reservations/" + orderId + "/" + step, service.service(), null);
  }

  private HttpResponse<Buffer> step(String orderId, String step) {
    return ServiceHarness.await(sendStep(orderId, step));
  }

  private static String status(HttpResponse<Buffer> answer) {
    assertEquals(200, answer.statusCode(), answer.bodyAsString());
    return answer.bodyAsJsonObject().getString("status");
  }

  private static JsonObject item(String productId, long quantity) {
    return new JsonObject().put("product_id", productId).put("quantity", (int) quantity);
  }

  private long stock(String id) {
    return service.get("/products/" + id, null).bodyAsJsonObject().getLong("stock");
  }

  private void put(String id, long stock) {
    service.put("/products/" + id, service.admin(), new JsonObject().put("stock", stock));
  }

  private String add(String name, long stock) {
    JsonObject body = new JsonObject().put("name", name).put("price", 1).put("stock", stock);
    return service
        .post("/products", service.admin(), body)
        .bodyAsJsonObject()
        .getString("product_id");
  }
}
