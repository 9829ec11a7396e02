package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Lists come in pages, each of them wherever the one before came from. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ListsContract {
  private static final int MANY = 5;

  private final Shop shop;
  private final Caller admin;
  private final Caller customer;
  private final List<String> products = new ArrayList<>();
  private final List<String> orders = new ArrayList<>();
  private final List<String> payments = new ArrayList<>();

  ListsContract(TestedShop stoa) {
    this.shop = stoa.shop();
    this.admin = stoa.admin();
    this.customer = shop.customer();
    IntStream.range(0, MANY)
        .forEach(
            i -> {
              String product = shop.product(admin, "Listed no. " + i, 1, 9);
              JsonObject order = customer.order(product, 1).expect(201).json();
              products.add(product);
              orders.add(order.getString("order_id"));
              payments.add(customer.pay(order).expect(201).text("payment_id"));
            });
  }

  @Test
  void ordersOfACustomer() {
    assertEquals(sorted(orders), sorted(all(customer, "/api/orders?limit=2", "order_id")));
    assertEquals(
        sorted(orders), sorted(all(customer, "/api/orders?status=paid&limit=3", "order_id")));
    assertEquals(
        sorted(orders),
        sorted(all(admin, "/api/orders?limit=2&user_id=" + customer.userId(), "order_id")));
    assertEquals(List.of(), all(customer, "/api/orders?status=shipped", "order_id"));
  }

  @Test
  void paymentsOfACustomer() {
    assertEquals(sorted(payments), sorted(all(customer, "/api/payments?limit=2", "payment_id")));
  }

  @Test
  void productsByTheirNames() {
    List<String> found =
        all(shop.visitor(), "/api/products/search?q=listed%20NO.&limit=2", "product_id");

    assertEquals(sorted(products), sorted(found));
  }

  @Test
  void allProductsAndAllUsersOfWhichMoreMayComeMeanwhile() {
    assertTrue(all(shop.visitor(), "/api/products?limit=20", "product_id").containsAll(products));
    assertTrue(all(admin, "/api/users?limit=20", "user_id").contains(customer.userId()));
  }

  @Test
  void aCursorIsOfItsListAlone() {
    String cursor = customer.get("/api/orders?limit=1").expect(200).text("next_cursor");

    assertEquals(
        1, customer.get("/api/orders?limit=1&cursor=" + cursor).expect(200).items().size());
    customer.get("/api/orders?limit=1&cursor=x" + cursor).expectInvalid("cursor");
  }

  /** Page after page, to the end; nothing twice. */
  private static List<String> all(Caller caller, String target, String id) {
    List<String> all = new ArrayList<>();
    String limit = target.replaceAll(".*limit=(\\d+).*", "$1");
    int most = limit.matches("\\d+") ? Integer.parseInt(limit) : 100;
    String cursor = "";
    while (cursor != null) {
      Answer page = caller.get(target + cursor).expect(200);
      assertTrue(page.items().size() <= most, page::toString);
      page.items().forEach(item -> all.add(item.getString(id)));
      cursor = page.text("next_cursor") == null ? null : "&cursor=" + page.text("next_cursor");
    }
    Set<String> once = new HashSet<>(all);
    assertEquals(once.size(), all.size());
    return all;
  }

  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted().toList();
  }
}
