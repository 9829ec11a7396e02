package dev.stoa.orders;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Keeps the orders, their items and their events. */
final class OrderRepository {
  private static final int MAX_EVENTS = 1000;

  private final Database database;

  OrderRepository(Database database) {
    this.database = database;
  }

  /** Writes a new order with its items and its first event. */
  Future<Order> insert(Order order, OrderEvent created) {
    return database.transaction(
        sql ->
            insertOrder(sql, order)
                .compose(done -> insertItems(sql, order))
                .compose(done -> insertEvent(sql, order, created))
                .map(order));
  }

  private static Future<Rows> insertOrder(Sql sql, Order order) {
    Progress progress = order.progress();
    return sql.run(
        """
        INSERT INTO orders (order_id, user_id, currency, total_minor, created_at, expires_at,
                            status, payment_id, duty, duty_from, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        order.id(),
        order.userId(),
        order.total().currency(),
        order.total().minorUnits(),
        order.createdAt(),
        order.expiresAt(),
        progress.status().text(),
        progress.paymentId().orElse(null),
        kind(progress),
        from(progress),
        progress.version());
  }

  private static Future<Rows> insertItems(Sql sql, Order order) {
    List<Object> values = new ArrayList<>();
    for (OrderItem item : order.items()) {
      int line = values.size() / 6;
      values.addAll(List.of(order.id(), line, item.productId(), item.name(), item.quantity()));
      values.add(item.unitPrice().minorUnits());
    }
    String rows =
        IntStream.range(0, order.items().size())
            .mapToObj(line -> placeholders(line * 6 + 1, 6))
            .collect(Collectors.joining(", "));
    return sql.run(
        "INSERT INTO order_items (order_id, line, product_id, name, quantity, unit_price_minor)"
            + " VALUES "
            + rows,
        values.toArray());
  }

  private static Future<Rows> insertEvent(Sql sql, Order order, OrderEvent event) {
    return sql.run(
        """
        INSERT INTO order_events (order_id, version, at, event, status, actor, request_id, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        order.id(),
        order.progress().version(),
        event.at(),
        event.event(),
        event.status().text(),
        event.cause().actor(),
        event.cause().requestId(),
        event.detail());
  }

  /**
   * Writes the next step of an order, with its event. Fails with {@link StaleOrder}, and writes
   * nothing, where the order is no longer as it was read.
   */
  Future<Order> advance(Order order, Progress next, OrderEvent event) {
    Order advanced = order.with(next);
    return database.transaction(
        sql ->
            sql.run(
                    """
                    UPDATE orders
                    SET status = $1, payment_id = $2, duty = $3, duty_from = $4, version = $5
                    WHERE order_id = $6 AND version = $7""",
                    next.status().text(),
                    next.paymentId().orElse(null),
                    kind(next),
                    from(next),
                    next.version(),
                    order.id(),
                    order.progress().version())
                .compose(
                    rows ->
                        rows.changed() == 1
                            ? insertEvent(sql, advanced, event)
                            : Future.failedFuture(new StaleOrder(order.id())))
                .map(advanced));
  }

  /** Lets the sweep leave the order alone until then; nothing where it has changed meanwhile. */
  Future<Rows> postpone(Order order, Instant until) {
    return database.run(
        "UPDATE orders SET duty_from = $1 WHERE order_id = $2 AND version = $3",
        until,
        order.id(),
        order.progress().version());
  }

  /** The order; NOT_FOUND where there is none. */
  Future<Order> get(String orderId) {
    return database
        .read("SELECT * FROM orders WHERE order_id = $1", orderId)
        .compose(this::withItems)
        .map(found -> found.stream().findFirst().orElseThrow(() -> notFound(orderId)));
  }

  static ProblemException notFound(String orderId) {
    return new ProblemException(ProblemType.NOT_FOUND, "There is no order " + orderId + ".");
  }

  /** Newest first, of one user and in one status if given. */
  Future<List<Order>> list(
      Optional<String> userId, Optional<OrderStatus> status, PageRequest page) {
    StringBuilder where = new StringBuilder("1 = 1");
    List<Object> values = new ArrayList<>();
    userId.ifPresent(id -> and(where, "user_id = $", values, id));
    status.ifPresent(wanted -> and(where, "status = $", values, wanted.text()));
    page.after().ifPresent(id -> and(where, "order_id < $", values, id));
    values.add(page.fetch());
    return database
        .read(
            "SELECT * FROM orders WHERE "
                + where
                + " ORDER BY order_id DESC LIMIT $"
                + values.size(),
            values.toArray())
        .compose(this::withItems);
  }

  private static void and(StringBuilder where, String test, List<Object> values, Object value) {
    values.add(value);
    where.append(" AND ").append(test).append(values.size());
  }

  /** Orders whose duty nobody has done in time, the longest waiting first. */
  Future<List<Order>> neglected(Instant now, int limit) {
    return database
        .read("SELECT * FROM orders WHERE duty_from <= $1 ORDER BY duty_from LIMIT $2", now, limit)
        .compose(this::withItems);
  }

  /** Orders whose id is in {@code (after, until]}, by id. */
  Future<List<Order>> between(String after, String until, int limit) {
    return database
        .read(
            """
            SELECT * FROM orders WHERE order_id > $1 AND order_id <= $2
            ORDER BY order_id LIMIT $3""",
            after,
            until,
            limit)
        .compose(this::withItems);
  }

  /** How many orders are amid a step, and how many of them wait for an operator. */
  record SagaCount(long unfinished, long needingAttention) {}

  Future<SagaCount> sagas() {
    return database
        .read(
            """
            SELECT COUNT(*) AS unfinished,
              COUNT(CASE WHEN duty_from IS NULL THEN 1 END) AS attention
            FROM orders WHERE duty IS NOT NULL AND duty <> 'EXPIRE'""")
        .map(
            rows ->
                rows.first(row -> new SagaCount(row.number("unfinished"), row.number("attention")))
                    .orElseThrow());
  }

  Future<List<OrderEvent>> events(String orderId) {
    return database
        .read(
            "SELECT * FROM order_events WHERE order_id = $1 ORDER BY version LIMIT $2",
            orderId,
            MAX_EVENTS)
        .map(rows -> rows.map(OrderRows::event));
  }

  private Future<List<Order>> withItems(Rows orders) {
    if (orders.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Map<String, String> currencies =
        orders.rows().stream()
            .collect(Collectors.toMap(row -> row.text("order_id"), row -> row.text("currency")));
    return database
        .read(
            "SELECT * FROM order_items WHERE order_id IN "
                + placeholders(1, currencies.size())
                + " ORDER BY order_id, line",
            currencies.keySet().toArray())
        .map(
            items ->
                items.rows().stream()
                    .collect(
                        Collectors.groupingBy(
                            row -> row.text("order_id"),
                            Collectors.mapping(
                                row -> OrderRows.item(row, currencies.get(row.text("order_id"))),
                                Collectors.toList()))))
        .map(items -> orders.map(row -> OrderRows.order(row, items.get(row.text("order_id")))));
  }

  private static String placeholders(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(n -> "$" + n)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String kind(Progress progress) {
    return progress.duty().map(duty -> duty.kind().name()).orElse(null);
  }

  private static Instant from(Progress progress) {
    return progress.duty().map(Duty::from).orElse(null);
  }
}
