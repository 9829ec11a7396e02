package dev.stoa.payments;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.ok;
import static dev.stoa.shop.Shop.payment;
import static dev.stoa.shop.Shop.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stoa.service.Transport;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import dev.stoa.shop.Shops;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Payments from outside: all four services, real databases, HTTP. */
class PaymentsTest {
  private static final String SERVICE = PaymentsVerticle.SERVICE;

  @RegisterExtension static final Shops SHOPS = new Shops();

  @ParameterizedTest
  @EnumSource
  void paysAnOrder(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("19.99", 5), 2);

    HttpResponse<Buffer> answer = shop.pay(ann, order);

    JsonObject payment = ok(201, answer);
    String id = payment.getString("payment_id");
    assertEquals("payments/" + id, answer.getHeader("Location"));
    assertEquals("completed", payment.getString("status"));
    assertEquals(39.98, payment.getDouble("amount"));
    assertEquals("USD", payment.getString("currency"));
    assertEquals("card", payment.getString("payment_method"));
    assertEquals(payment, ok(200, shop.get(SERVICE, "/payments/" + id, ann)));
    JsonObject paid = shop.order(ann, order.getString("order_id"));
    assertEquals("paid", paid.getString("status"));
    assertEquals(id, paid.getString("payment_id"));
  }

  @ParameterizedTest
  @EnumSource
  void aDeclinedPaymentFailsAndTheOrderCanBePaidAgain(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("5", 5);
    JsonObject order = shop.order(ann, lamp, 1);
    shop.provider(0);

    HttpResponse<Buffer> answer = shop.pay(ann, order);

    JsonObject declined = ok(402, answer);
    assertEquals("application/problem+json", answer.getHeader("Content-Type"));
    assertEquals("failed", declined.getString("status"));
    assertEquals("/problems/payment-declined", declined.getString("type"));
    assertEquals("Payment declined", declined.getString("error"));
    String failedId = declined.getString("payment_id");
    assertEquals(
        "failed", ok(200, shop.get(SERVICE, "/payments/" + failedId, ann)).getString("status"));
    assertEquals("reserved", shop.order(ann, order.getString("order_id")).getString("status"));
    shop.provider(1);
    assertNotEquals(failedId, ok(201, shop.pay(ann, order)).getString("payment_id"));
    assertEquals(4, shop.stock(lamp));
  }

  @ParameterizedTest
  @EnumSource
  void anOrderIsPaidOnce(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("5", 5), 1);

    List<Future<HttpResponse<Buffer>>> all =
        IntStream.range(0, 10).mapToObj(i -> shop.payLater(ann, order)).toList();

    List<Integer> answers = all.stream().map(f -> await(f).statusCode()).sorted().toList();
    assertEquals(201, answers.get(0));
    assertEquals(List.of(409), answers.stream().skip(1).distinct().toList());
    problem(409, "already-paid", shop.pay(ann, order));
    assertEquals(1, payments(shop, order, ann).size());
  }

  @Test
  void namesTheAmountThatIsDue() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("5", 5), 2);

    JsonObject less = payment(order).put("amount", 9.99);
    JsonObject foreign = payment(order).put("currency", "EUR");

    assertEquals(
        new JsonObject().put("field", "amount").put("reason", "must be 10.00"),
        error(problem(422, "amount-mismatch", shop.post(SERVICE, "/payments", ann, less))));
    assertEquals(
        new JsonObject().put("field", "currency").put("reason", "must be USD"),
        error(problem(422, "amount-mismatch", shop.post(SERVICE, "/payments", ann, foreign))));
    ok(201, shop.post(SERVICE, "/payments", ann, payment(order).put("currency", "USD")));
  }

  @ParameterizedTest
  @CsvSource({
    "order_id, x",
    "payment_method, ''",
    "payment_method, a b",
    "amount, -1",
    "amount, 1.234",
    "amount, text",
    "currency, dollars",
    "card_number, 4111",
  })
  void namesTheFieldThatIsInvalid(String field, String value) {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("1", 5), 1);
    Object wrong = value.matches("-?[0-9.]+") ? (Object) Double.valueOf(value) : value;

    JsonObject body = payment(order).put(field, wrong);

    assertEquals(
        field,
        error(problem(400, "invalid-input", shop.post(SERVICE, "/payments", ann, body)))
            .getString("field"));
  }

  @Test
  void onlyTheOwnerPaysAndOthersFindNothing() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    Person bob = shop.customer();
    JsonObject order = shop.order(ann, shop.product("1", 5), 1);
    JsonObject unknown = payment(order).put("order_id", UUID.randomUUID().toString());

    problem(404, "not-found", shop.pay(bob, order));
    problem(404, "not-found", shop.pay(shop.admin(), order));
    problem(404, "not-found", shop.post(SERVICE, "/payments", ann, unknown));
    problem(401, "missing-token", shop.pay(null, order));

    String id = ok(201, shop.pay(ann, order)).getString("payment_id");
    problem(404, "not-found", shop.get(SERVICE, "/payments/" + id, bob));
    problem(404, "not-found", refund(shop, id, bob, null));
    ok(200, shop.get(SERVICE, "/payments/" + id, shop.admin()));
    assertEquals(0, payments(shop, order, bob).size());
    assertEquals(1, payments(shop, order, shop.admin()).size());
  }

  @Test
  void internalOperationsAreForServices() {
    Shop shop = SHOPS.over(Transport.HTTP);
    String id = UUID.randomUUID().toString();
    JsonObject settlement =
        new JsonObject().put("payment_id", id).put("amount", 1).put("currency", "USD");

    for (Person person : List.of(shop.customer(), shop.admin())) {
      problem(
          403, "forbidden", shop.post(SERVICE, "/payments/orders/" + id + "/refund", person, null));
      problem(
          403,
          "forbidden",
          shop.post("order-service", "/orders/" + id + "/settle", person, settlement));
    }
  }

  @Test
  void aCancelledOrderCannotBePaid() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("1", 5), 1);
    ok(200, shop.status(ann, order.getString("order_id"), "cancelled"));

    problem(409, "conflict", shop.pay(ann, order));

    assertEquals(0, payments(shop, order, ann).size());
  }

  @ParameterizedTest
  @EnumSource
  void aFullRefundCancelsAnOrderThatIsNotShipped(Transport transport) {
    Shop shop = SHOPS.over(transport);
    Person ann = shop.customer();
    String lamp = shop.product("12.50", 5);
    JsonObject order = shop.order(ann, lamp, 2);
    String id = ok(201, shop.pay(ann, order)).getString("payment_id");

    JsonObject refunded = ok(200, refund(shop, id, ann, null));

    assertEquals("refunded", refunded.getString("status"));
    assertEquals(25.0, refunded.getDouble("refunded_amount"));
    assertEquals("cancelled", shop.order(ann, order.getString("order_id")).getString("status"));
    assertEquals(5, shop.stock(lamp));
    problem(409, "conflict", refund(shop, id, ann, null));
  }

  @Test
  void theShopRefundsPartsAndNeverMoreThanWasPaid() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    Person admin = shop.admin();
    JsonObject order = shop.order(ann, shop.product("10", 5), 1);
    String id = ok(201, shop.pay(ann, order)).getString("payment_id");

    problem(403, "forbidden", refund(shop, id, ann, 1));
    JsonObject part = ok(200, refund(shop, id, admin, 3.5));
    assertEquals("partially_refunded", part.getString("status"));
    assertEquals(3.5, part.getDouble("refunded_amount"));
    assertEquals("paid", shop.order(ann, order.getString("order_id")).getString("status"));
    assertEquals(
        "must be at most 6.50, all that is left",
        error(problem(422, "amount-mismatch", refund(shop, id, admin, 6.51))).getString("reason"));
    problem(409, "already-paid", shop.pay(ann, order));
    problem(400, "invalid-input", refund(shop, id, admin, 0));

    List<Future<HttpResponse<Buffer>>> all =
        IntStream.range(0, 10).mapToObj(i -> refundLater(shop, id, admin, 2)).toList();

    List<Integer> answers = all.stream().map(f -> await(f).statusCode()).toList();
    assertEquals(3, answers.stream().filter(status -> status == 200).count(), answers.toString());
    assertEquals(
        9.5, ok(200, shop.get(SERVICE, "/payments/" + id, ann)).getDouble("refunded_amount"));
    assertEquals("refunded", ok(200, refund(shop, id, admin, 0.5)).getString("status"));
    assertEquals("cancelled", shop.order(ann, order.getString("order_id")).getString("status"));
  }

  @Test
  void afterShippingOnlyTheShopRefundsAndTheOrderStays() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("10", 5), 1);
    String id = ok(201, shop.pay(ann, order)).getString("payment_id");
    ok(200, shop.status(shop.admin(), order.getString("order_id"), "shipped"));

    problem(403, "forbidden", refund(shop, id, ann, null));
    assertEquals("refunded", ok(200, refund(shop, id, shop.admin(), null)).getString("status"));

    assertEquals("shipped", shop.order(ann, order.getString("order_id")).getString("status"));
  }

  @Test
  void aFailedPaymentHasNothingToGiveBack() {
    Shop shop = SHOPS.over(Transport.HTTP);
    shop.provider(0);
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("10", 5), 1);
    String id = ok(402, shop.pay(ann, order)).getString("payment_id");

    problem(409, "conflict", refund(shop, id, ann, null));
  }

  @Test
  void listsPageByPage() {
    Shop shop = SHOPS.over(Transport.HTTP);
    Person ann = shop.customer();
    String lamp = shop.product("1", 50);
    JsonObject order = shop.order(ann, lamp, 1);
    shop.provider(0);
    IntStream.range(0, 3).forEach(i -> ok(402, shop.pay(ann, order)));
    shop.provider(1);
    String newest = ok(201, shop.pay(ann, order)).getString("payment_id");

    JsonObject first = ok(200, shop.get(SERVICE, "/payments?limit=3", ann));
    JsonObject second =
        ok(
            200,
            shop.get(SERVICE, "/payments?limit=3&cursor=" + first.getString("next_cursor"), ann));

    assertEquals(newest, first.getJsonArray("items").getJsonObject(0).getString("payment_id"));
    assertEquals(3, first.getJsonArray("items").size());
    assertEquals(1, second.getJsonArray("items").size());
  }

  @Test
  void theExpiryOfAnOrderIsTheEndOfItsPayments() {
    Shop shop = SHOPS.over(Transport.HTTP);
    shop.hold(Duration.ZERO, Duration.ofSeconds(30));
    Person ann = shop.customer();
    JsonObject order = shop.order(ann, shop.product("10", 5), 1);

    problem(409, "conflict", shop.pay(ann, order));

    assertEquals(0, payments(shop, order, ann).size());
  }

  private static HttpResponse<Buffer> refund(Shop shop, String id, Person person, Number amount) {
    return await(refundLater(shop, id, person, amount));
  }

  private static Future<HttpResponse<Buffer>> refundLater(
      Shop shop, String id, Person person, Number amount) {
    JsonObject body = amount == null ? null : new JsonObject().put("amount", amount);
    return shop.send(HttpMethod.POST, SERVICE, "/payments/" + id + "/refund", person, body);
  }

  private static List<Object> payments(Shop shop, JsonObject order, Person person) {
    String query = "/payments?order_id=" + order.getString("order_id");
    return ok(200, shop.get(SERVICE, query, person)).getJsonArray("items").stream().toList();
  }

  private static JsonObject error(JsonObject problem) {
    return problem.getJsonArray("errors").getJsonObject(0);
  }
}
