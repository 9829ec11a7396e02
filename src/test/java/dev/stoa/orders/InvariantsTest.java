package dev.stoa.orders;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.basket;
import static dev.stoa.shop.Shop.ok;
import static dev.stoa.shop.Shop.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Transport;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker, over a shop at work and over books that somebody has tampered with. */
class InvariantsTest {
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

  @AfterAll
  static void close() {
    shop.close();
  }

  @Test
  void addsUpStockAndMoney() {
    String lamp = shop.product("10", 20);
    shop.order(ann, lamp, 1);
    JsonObject paid = shop.order(ann, lamp, 2);
    ok(201, shop.pay(ann, paid));
    JsonObject refunded = shop.order(ann, lamp, 3);
    ok(201, shop.pay(ann, refunded));
    ok(200, shop.status(ann, refunded.getString("order_id"), "cancelled"));
    ok(200, shop.status(ann, shop.order(ann, lamp, 4).getString("order_id"), "cancelled"));
    JsonObject before = settled();

    ok(201, shop.pay(ann, shop.order(ann, lamp, 5)));
    JsonObject after = settled();

    assertTrue(after.getBoolean("ok"), after.encodePrettily());
    assertTrue(after.getBoolean("complete"));
    assertEquals(5, number(after, "stock", "sold") - number(before, "stock", "sold"));
    assertEquals(5, number(before, "stock", "available") - number(after, "stock", "available"));
    assertEquals(number(before, "stock", "received"), number(after, "stock", "received"));
    JsonObject money = after.getJsonArray("money").getJsonObject(0);
    assertEquals(
        money.getDouble("paid_orders"), money.getDouble("payments") - money.getDouble("refunds"));
    assertEquals(after, ok(200, shop.get(SERVICE, "/orders/invariants?last=true", admin)));
  }

  @Test
  void isForAdmins() {
    problem(403, "forbidden", shop.get(SERVICE, "/orders/invariants", ann));
    problem(400, "invalid-input", shop.get(SERVICE, "/orders/invariants?after=x", admin));
  }

  @Test
  void raisesNoFalseAlarmWhileTrafficFlows() {
    String lamp = shop.product("10", 1000);
    AtomicInteger left = new AtomicInteger(150);
    List<Future<?>> customers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      customers.add(shopping(lamp, left));
    }
    Future<?> busy = Future.join(customers);

    int rounds = 0;
    while (!busy.isComplete() || rounds < 3) {
      JsonObject report = check();
      assertTrue(report.getBoolean("ok"), report.encodePrettily());
      rounds++;
    }

    await(busy);
  }

  private Future<?> shopping(String product, AtomicInteger left) {
    if (left.getAndDecrement() <= 0) {
      return Future.succeededFuture();
    }
    return shop.send(HttpMethod.POST, SERVICE, "/orders", ann, basket(product, 1))
        .map(answer -> ok(201, answer))
        .compose(order -> shop.payLater(ann, order))
        .compose(paid -> shopping(product, left));
  }

  @Test
  void findsWhatSomebodyHasTamperedWith() {
    String lamp = shop.product("10", 20);
    String held = shop.order(ann, lamp, 1).getString("order_id");
    JsonObject paid = shop.order(ann, lamp, 2);
    ok(201, shop.pay(ann, paid));
    settled();

    tamper("product-service", "UPDATE products SET stock = stock + 1 WHERE product_id = $1", lamp);
    assertEquals(List.of("product:" + lamp), subjects(check()));
    tamper("product-service", "UPDATE products SET stock = stock - 1 WHERE product_id = $1", lamp);
    tamper(
        "product-service", "UPDATE reservations SET status = 'released' WHERE order_id = $1", held);
    assertEquals(List.of("product:" + lamp, "order:" + held), subjects(check()));
    tamper("product-service", "UPDATE reservations SET status = 'held' WHERE order_id = $1", held);
    String order = paid.getString("order_id");
    tamper("payment-service", "UPDATE payments SET status = 'failed' WHERE order_id = $1", order);
    assertEquals(List.of("order:" + order), subjects(check()));
    tamper(
        "payment-service", "UPDATE payments SET status = 'completed' WHERE order_id = $1", order);
    tamper("payment-service", "UPDATE payments SET refunded_minor = 1 WHERE order_id = $1", order);
    assertEquals(List.of("order:" + order), subjects(check()));
    tamper("payment-service", "UPDATE payments SET refunded_minor = 0 WHERE order_id = $1", order);

    assertTrue(check().getBoolean("ok"));
  }

  @Test
  void getsPastAnOrderWhosePaymentsWereDeclinedAThousandTimes() {
    JsonObject order = shop.order(ann, shop.product("10", 20), 1);
    ok(201, shop.pay(ann, order));
    tamper(
        "payment-service",
        """
        INSERT INTO payments (payment_id, order_id, user_id, amount_minor, currency, method,
                              created_at, status, refunded_minor, refunding_minor)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
        SELECT printf('00000000-0000-7000-8000-%012d', i), order_id, user_id, amount_minor,
               currency, method, created_at, 'failed', 0, 0
        FROM n JOIN payments ON order_id = $1""",
        order.getString("order_id"));

    assertTrue(settled().getBoolean("ok"));
  }

  private static void tamper(String service, String statement, String id) {
    Database database = await(Database.open(shop.vertx(), new DatabaseConfig(directory), service));
    await(database.run(statement, id).eventually(database::close));
  }

  private static List<String> subjects(JsonObject report) {
    assertFalse(report.getBoolean("ok"));
    return report.getJsonArray("violations").stream()
        .map(violation -> ((JsonObject) violation).getString("subject"))
        .toList();
  }

  private static JsonObject check() {
    return ok(200, shop.get(SERVICE, "/orders/invariants", admin));
  }

  /** A report with nothing left to settle. */
  private static JsonObject settled() {
    JsonObject[] report = {null};
    Shop.until(
        () -> {
          report[0] = check();
          return number(report[0], "orders", "unsettled") == 0
              && number(report[0], "orders", "judged") == orders();
        });
    return report[0];
  }

  private static long orders() {
    Database database = await(Database.open(shop.vertx(), new DatabaseConfig(directory), SERVICE));
    return await(
        database
            .read("SELECT COUNT(*) AS placed FROM orders")
            .eventually(database::close)
            .map(rows -> rows.rows().get(0).number("placed")));
  }

  private static long number(JsonObject report, String section, String member) {
    return report.getJsonObject(section).getLong(member);
  }
}
