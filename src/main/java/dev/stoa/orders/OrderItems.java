package dev.stoa.orders;

import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the orders consist of, in the database: the lines of each, which never change. */
final class OrderItems {
  private OrderItems() {}

  /** Writes the lines of a new order. */
  static Future<Rows> insert(Sql sql, Order order) {
    List<List<?>> lines = new ArrayList<>();
    for (OrderItem item : order.items()) {
      lines.add(
          List.of(
              order.id(),
              lines.size(),
              item.productId(),
              item.name(),
              item.quantity(),
              item.unitPrice().minorUnits()));
    }
    Parameters given = new Parameters();
    return sql.run(
        "INSERT INTO order_items (order_id, line, product_id, name, quantity, unit_price_minor)"
            + " VALUES "
            + given.addRows(lines),
        given.values());
  }

  /** The lines of each of these orders, by order. */
  static Future<Map<String, List<OrderItem>>> of(Sql sql, Rows orders) {
    Map<String, String> currencies =
        orders.rows().stream()
            .collect(Collectors.toMap(row -> row.text("order_id"), row -> row.text("currency")));
    Parameters given = new Parameters();
    return sql.run(
            "SELECT * FROM order_items WHERE order_id IN "
                + given.addAll(currencies.keySet())
                + " ORDER BY order_id, line",
            given.values())
        .map(
            lines ->
                lines.rows().stream()
                    .collect(
                        Collectors.groupingBy(
                            row -> row.text("order_id"),
                            Collectors.mapping(
                                row -> item(row, currencies.get(row.text("order_id"))),
                                Collectors.toList()))));
  }

  private static OrderItem item(Row row, String currency) {
    return new OrderItem(
        row.text("product_id"),
        row.text("name"),
        row.number("quantity"),
        new Money(row.number("unit_price_minor"), currency));
  }
}
