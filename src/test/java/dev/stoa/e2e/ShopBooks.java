package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Adds up what a shop says about its orders, payments and stock, and what the provider says about
 * the money, and tells where that does not agree. Meant for a shop that has come to rest.
 *
 * @param received how much of each product there was at first
 */
record ShopBooks(Caller admin, Map<String, Integer> received) {

  /** Everything that is wrong or not yet at its end; empty where the books balance. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    List<JsonObject> orders = all("/api/orders");
    Map<String, List<JsonObject>> payments = new HashMap<>();
    for (JsonObject payment : all("/api/payments")) {
      payments.computeIfAbsent(payment.getString("order_id"), id -> new ArrayList<>()).add(payment);
    }
    Map<String, Integer> sold = new HashMap<>();
    for (JsonObject order : orders) {
      String id = order.getString("order_id");
      String status = order.getString("status");
      boolean paid = status.equals("paid");
      if (!paid && !status.equals("cancelled")) {
        faults.add("order " + id + " is still " + status);
      }
      long kept = kept(payments.getOrDefault(id, List.of()), faults);
      long due = paid ? cents(order, "total_amount") : 0;
      if (kept != due) {
        faults.add(status + " order " + id + ": " + kept + " cents kept, " + due + " due");
      }
      if (paid) {
        items(order).forEach(i -> sold.merge(product(i), i.getInteger("quantity"), Integer::sum));
      }
    }
    received.forEach((product, count) -> compareStock(product, count, sold, faults));
    return faults;
  }

  private void compareStock(
      String product, int count, Map<String, Integer> sold, List<String> faults) {
    int stock = admin.shop().stock(product);
    int gone = sold.getOrDefault(product, 0);
    if (stock < 0 || stock + gone != count) {
      faults.add("product " + product + ": " + count + " ≠ " + stock + " left + " + gone + " sold");
    }
  }

  private static long kept(List<JsonObject> payments, List<String> faults) {
    long kept = 0;
    for (JsonObject payment : payments) {
      switch (payment.getString("status")) {
        case "completed", "refunded" ->
            kept += cents(payment, "amount") - cents(payment, "refunded_amount");
        case "failed" -> {}
        default -> faults.add("payment not at its end: " + payment.encode());
      }
    }
    return kept;
  }

  /**
   * The provider's own books, which know nothing of orders: what it kept of each order's charges is
   * what the order costs, and nothing where it was not paid.
   *
   * @param data the folder of the databases
   */
  void compareWithProvider(Path data) {
    compareWithProvider("jdbc:sqlite:" + data.resolve("payment-provider.db"), "charges");
  }

  /**
   * The same.
   *
   * @param charges the table in that database
   */
  void compareWithProvider(String url, String charges) {
    Map<String, String> orderOf = new HashMap<>();
    all("/api/payments")
        .forEach(p -> orderOf.put(p.getString("payment_id"), p.getString("order_id")));
    Map<String, Long> due = new HashMap<>();
    for (JsonObject order : all("/api/orders?status=paid")) {
      due.put(order.getString("order_id"), cents(order, "total_amount"));
    }
    Map<String, Long> charged = new HashMap<>();
    rows(
        url,
        "SELECT charge_key, amount_minor - refunded_minor FROM "
            + charges
            + " WHERE outcome = 'approved' AND amount_minor > refunded_minor",
        row -> {
          String order = orderOf.getOrDefault(row.getString(1), "unknown " + row.getString(1));
          charged.merge(order, row.getLong(2), Long::sum);
        });
    assertEquals(due, charged, "what each paid order costs, and what its payer was charged");
  }

  /** No file is damaged, and no row refers to one that is not there. */
  static void checkFiles(Path data) {
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".db")).toList()) {
        rows(
            "jdbc:sqlite:" + file,
            "PRAGMA integrity_check",
            row -> assertEquals("ok", row.getString(1)));
        rows(
            "jdbc:sqlite:" + file,
            "SELECT count(*) FROM pragma_foreign_key_check",
            row -> assertEquals(0, row.getInt(1), () -> "orphans in " + file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static void rows(String url, String query, RowReader reader) {
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet rows = connection.createStatement().executeQuery(query)) {
      while (rows.next()) {
        reader.read(rows);
      }
    } catch (SQLException e) {
      throw new AssertionError(url + ": " + query, e);
    }
  }

  /** Every item of a list, page by page. */
  List<JsonObject> all(String target) {
    List<JsonObject> all = new ArrayList<>();
    String page = target + (target.contains("?") ? "&" : "?") + "limit=100";
    String cursor = "";
    do {
      Answer answer = admin.get(page + cursor).expect(200);
      all.addAll(answer.items());
      String next = answer.text("next_cursor");
      cursor = next == null ? null : "&cursor=" + next;
    } while (cursor != null);
    return all;
  }

  static long cents(JsonObject amounts, String field) {
    return Math.round(amounts.getDouble(field) * 100);
  }

  private static Stream<JsonObject> items(JsonObject order) {
    return order.getJsonArray("items").stream().map(JsonObject.class::cast);
  }

  private static String product(JsonObject item) {
    return item.getString("product_id");
  }
}
