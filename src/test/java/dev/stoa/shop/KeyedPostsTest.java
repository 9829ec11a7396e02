package dev.stoa.shop;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.basket;
import static dev.stoa.shop.Shop.ok;
import static dev.stoa.shop.Shop.payment;
import static dev.stoa.shop.Shop.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.orders.OrdersVerticle;
import dev.stoa.payments.PaymentsVerticle;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.products.ProductsVerticle;
import dev.stoa.service.Transport;
import dev.stoa.shop.Shop.Person;
import dev.stoa.users.UsersVerticle;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Idempotency keys where it matters: at orders, payments, refunds, and at what is made once. */
class KeyedPostsTest {
  private static final int KEYS = 1000;
  private static final int COPIES = 10;

  @TempDir static Path directory;
  private static Shop shop;
  private final String key = UUID.randomUUID().toString();
  private Person ann;

  @BeforeAll
  static void start() {
    shop = new Shop(directory, Transport.EVENT_BUS);
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @BeforeEach
  void reset() {
    shop.reset();
    ann = shop.customer();
  }

  @Test
  void manyCopiesOfManyPaymentsChargeEachOrderOnce() {
    String lamp = shop.product("10", KEYS);
    List<JsonObject> orders = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      orders.add(shop.order(ann, lamp, 1));
    }

    long before = providerCharges();
    List<Future<String>> replies = new ArrayList<>();
    for (JsonObject order : orders) {
      for (int copy = 0; copy < COPIES; copy++) {
        replies.add(untilAnswered(order));
      }
    }

    List<String> bodies = replies.stream().map(Shop::await).toList();
    for (int i = 0; i < bodies.size(); i++) {
      assertEquals(bodies.get(i - i % COPIES), bodies.get(i));
    }
    assertEquals(KEYS, bodies.stream().distinct().count());
    assertEquals(KEYS, providerCharges() - before);
  }

  private Future<String> untilAnswered(JsonObject order) {
    String id = order.getString("order_id");
    return shop.send(PaymentsVerticle.SERVICE, "/payments", ann, "pay-" + id, payment(order))
        .compose(
            answer ->
                answer.statusCode() == 409
                    ? untilAnswered(order)
                    : Future.succeededFuture(answer.statusCode() + answer.bodyAsString()));
  }

  private static long providerCharges() {
    return count("payment-provider", "SELECT count(*) AS n FROM charges");
  }

  @Test
  void aDeclineIsAResult() {
    JsonObject order = shop.order(ann, shop.product("10", 1), 1);
    shop.provider(0);
    HttpResponse<Buffer> declined = pay(order, key);
    shop.provider(1);

    assertEquals(402, declined.statusCode());
    assertEquals(declined.bodyAsString(), pay(order, key).bodyAsString());
    ok(201, pay(order, key + "2"));
    assertEquals(402, pay(order, key).statusCode());
  }

  @Test
  void shortStockFreesTheKey() {
    String lamp = shop.product("10", 1);
    problem(409, "insufficient-stock", order(basket(lamp, 2), key));

    ok(201, order(basket(lamp, 1), key));
    problem(422, "idempotency-key-reused", order(basket(lamp, 2), key));
  }

  @Test
  void aThingThatIsAwayFreesTheKey() {
    String lamp = shop.product("10", 1);
    shop.stop(ProductsVerticle.SERVICE);
    assertEquals(503, order(basket(lamp, 1), key).statusCode());
    shop.start(ProductsVerticle.SERVICE);

    JsonObject order = ok(201, order(basket(lamp, 1), key));

    assertEquals(order, ok(201, order(basket(lamp, 1), key)));
    assertEquals(0, shop.stock(lamp));
  }

  /** As after a crash between the end of the work and the writing of its reply. */
  @Test
  void workWhoseReplyWasLostIsFoundAgain() {
    String lamp = shop.product("10", 10);
    JsonObject paid = shop.order(ann, lamp, 1);
    String charged = ok(201, shop.pay(ann, paid)).getString("payment_id");
    JsonObject unpaid = shop.order(ann, lamp, 1);
    JsonObject goods = new JsonObject().put("name", "Vase").put("price", 5).put("stock", 3);
    JsonObject user =
        new JsonObject().put("username", "u" + key.substring(0, 12)).put("password", "long enough");
    JsonObject part = new JsonObject().put("amount", 4);
    Person admin = shop.admin();
    String refund = "/payments/" + charged + "/refund";

    found(OrdersVerticle.SERVICE, () -> order(basket(lamp, 3), key));
    found(PaymentsVerticle.SERVICE, () -> pay(unpaid, key));
    found(PaymentsVerticle.SERVICE, () -> post(PaymentsVerticle.SERVICE, refund, admin, part));
    found(
        ProductsVerticle.SERVICE, () -> post(ProductsVerticle.SERVICE, "/products", admin, goods));
    found(UsersVerticle.SERVICE, () -> post(UsersVerticle.SERVICE, "/auth/register", null, user));

    assertEquals(5, shop.stock(lamp));
    assertEquals(
        4.0,
        ok(200, shop.get(PaymentsVerticle.SERVICE, "/payments/" + charged, ann))
            .getDouble("refunded_amount"));
  }

  @Test
  void aRefundOfAllIsFoundAgain() {
    String lamp = shop.product("10", 1);
    JsonObject order = shop.order(ann, lamp, 1);
    String path = "/payments/" + ok(201, shop.pay(ann, order)).getString("payment_id") + "/refund";

    found(
        PaymentsVerticle.SERVICE,
        () -> post(PaymentsVerticle.SERVICE, path, ann, new JsonObject()));

    assertEquals("cancelled", shop.order(ann, order.getString("order_id")).getString("status"));
    assertEquals(1, shop.stock(lamp));
  }

  private void found(String service, Supplier<HttpResponse<Buffer>> post) {
    HttpResponse<Buffer> first = post.get();
    assertTrue(first.statusCode() < 300, first::bodyAsString);
    long before = count(service, "SELECT count(*) AS n FROM " + table(service));
    count(
        service,
        "UPDATE idempotency_keys SET status = NULL, head = NULL, body = NULL, lease_until = 0");

    HttpResponse<Buffer> second = post.get();

    assertEquals(first.statusCode(), second.statusCode(), second::bodyAsString);
    assertEquals(first.bodyAsString(), second.bodyAsString());
    assertEquals(before, count(service, "SELECT count(*) AS n FROM " + table(service)));
  }

  private static String table(String service) {
    return switch (service) {
      case OrdersVerticle.SERVICE -> "orders";
      case PaymentsVerticle.SERVICE -> "payments";
      case ProductsVerticle.SERVICE -> "products";
      default -> "users";
    };
  }

  @Test
  void whatIsAskedWithoutAKeyIsDoneEachTime() {
    String lamp = shop.product("10", 2);

    assertNotEquals(
        shop.order(ann, lamp, 1).getString("order_id"),
        shop.order(ann, lamp, 1).getString("order_id"));
  }

  private HttpResponse<Buffer> order(JsonObject basket, String key) {
    return await(shop.send(OrdersVerticle.SERVICE, "/orders", ann, key, basket));
  }

  private HttpResponse<Buffer> pay(JsonObject order, String key) {
    return await(shop.send(PaymentsVerticle.SERVICE, "/payments", ann, key, payment(order)));
  }

  private HttpResponse<Buffer> post(String service, String path, Person person, JsonObject body) {
    return await(shop.send(service, path, person, key, body));
  }

  /** Runs a statement in a service's database, and answers column n if there is one. */
  private static long count(String service, String sql) {
    Database database =
        await(
            Database.open(
                shop.vertx(), new DatabaseConfig(directory), service, IdempotencyStore.TABLES));
    return await(
        database
            .run(sql)
            .map(rows -> rows.first(row -> row.number("n")).orElse(0L))
            .eventually(database::close));
  }
}
