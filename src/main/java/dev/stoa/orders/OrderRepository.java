package dev.stoa.orders;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Outbox;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Keeps the orders, their items, and their events, which are also the log of their sagas. */
final class OrderRepository implements OrderStore {
  private static final int MAX_EVENTS = 1000;
  private static final int EVENT_COLUMNS = 13;

  private final Database database;
  private final Outbox outbox;
  private final String self;

  /**
   * The orders in a database.
   *
   * @param self this process, as its leases name it
   */
  OrderRepository(Database database, Outbox outbox, String self) {
    this.database = database;
    this.outbox = outbox;
    this.self = self;
  }

  @Override
  public Future<Order> insert(Order draft, Move placed) {
    Order order = draft.with(placed.next());
    return database.guarded(
        sql ->
            Future.join(
                    insertOrder(sql, order),
                    insertItems(sql, order),
                    insertEvents(sql, order, placed.events()),
                    tell(sql, order, "order.created", placed))
                .map(order));
  }

  private Future<Rows> insertOrder(Sql sql, Order order) {
    Progress progress = order.progress();
    return sql.run(
        """
        INSERT INTO orders (order_id, user_id, currency, total_minor, created_at, expires_at,
                            status, payment_id, duty, duty_from, duty_attempts, duty_key, duty_holder,
                            version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
        order.id(),
        order.userId(),
        order.total().currency(),
        order.total().minorUnits(),
        order.createdAt(),
        order.expiresAt(),
        progress.status().text(),
        progress.paymentId().orElse(null),
        progress.duty().map(duty -> duty.kind().name()).orElse(null),
        from(progress),
        progress.duty().map(Duty::attempts).orElse(0),
        progress.duty().map(Duty::key).orElse(null),
        self,
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

  private static Future<Rows> insertEvents(Sql sql, Order order, List<OrderEvent> events) {
    List<Object> values = new ArrayList<>();
    long version = order.progress().version() - events.size();
    for (OrderEvent event : events) {
      version++;
      Optional<SagaNote> note = event.step();
      values.addAll(List.of(order.id(), version, event.at(), event.event()));
      values.addAll(List.of(event.status().text(), event.cause().actor()));
      values.add(event.cause().requestId());
      values.add(event.detail());
      values.add(note.map(n -> n.step().text()).orElse(null));
      values.add(note.map(n -> n.phase().text()).orElse(null));
      values.add(note.map(SagaNote::attempt).orElse(null));
      values.add(note.map(SagaNote::key).orElse(null));
      values.add(event.cause().traceId());
    }
    String rows =
        IntStream.range(0, events.size())
            .mapToObj(line -> placeholders(line * EVENT_COLUMNS + 1, EVENT_COLUMNS))
            .collect(Collectors.joining(", "));
    return sql.run(
        "INSERT INTO order_events (order_id, version, at, event, status, actor, request_id, detail,"
            + " step, phase, attempt, step_key, trace_id) VALUES "
            + rows,
        values.toArray());
  }

  private Future<?> tell(Sql sql, Order order, String type, Move move) {
    Instant at = move.events().get(move.events().size() - 1).at();
    return outbox.add(sql, type, order.id(), at, OrderJson.of(order));
  }

  @Override
  public Future<Order> advance(Order order, Move move) {
    Order advanced = order.with(move.next());
    return database.guarded(
        sql ->
            update(sql, order, move.next())
                .compose(
                    rows ->
                        rows.changed() == 1
                            ? note(sql, order, advanced, move)
                            : Future.failedFuture(new StaleOrder(order.id())))
                .map(advanced));
  }

  private Future<?> note(Sql sql, Order order, Order advanced, Move move) {
    List<Future<?>> notes = new ArrayList<>();
    notes.add(insertEvents(sql, advanced, move.events()));
    if (advanced.status() != order.status()) {
      notes.add(tell(sql, advanced, "order." + advanced.status().text(), move));
    }
    if (advanced.needsAttention() != order.needsAttention()) {
      String type = advanced.needsAttention() ? "saga.needs_attention" : "saga.resumed";
      notes.add(tell(sql, advanced, type, move));
    }
    return Future.join(notes);
  }

  private Future<Rows> update(Sql sql, Order order, Progress next) {
    return sql.run(
        """
        UPDATE orders
        SET status = $1, payment_id = $2, duty = $3, duty_from = $4, duty_attempts = $5,
            duty_key = $6, attention = $7, duty_holder = $8, version = $9
        WHERE order_id = $10 AND version = $11""",
        next.status().text(),
        next.paymentId().orElse(null),
        next.duty().map(duty -> duty.kind().name()).orElse(null),
        from(next),
        next.duty().map(Duty::attempts).orElse(0),
        next.duty().map(Duty::key).orElse(null),
        next.duty().flatMap(Duty::stuck).orElse(null),
        self,
        next.version(),
        order.id(),
        order.progress().version());
  }

  // Null keeps the sweep away.
  private static Instant from(Progress progress) {
    return progress.duty().filter(duty -> duty.stuck().isEmpty()).map(Duty::from).orElse(null);
  }

  @Override
  public Future<Order> get(String orderId) {
    return database
        .read("SELECT * FROM orders WHERE order_id = $1", orderId)
        .compose(this::withItems)
        .map(found -> found.stream().findFirst().orElseThrow(() -> notFound(orderId)));
  }

  static ProblemException notFound(String orderId) {
    return new ProblemException(ProblemType.NOT_FOUND, "There is no order " + orderId + ".");
  }

  /**
   * Newest first, of one user and in one status if given.
   *
   * @param stuck only those that wait for an operator
   */
  Future<List<Order>> list(
      Optional<String> userId, Optional<OrderStatus> status, boolean stuck, PageRequest page) {
    StringBuilder where =
        new StringBuilder(
            stuck ? "duty IS NOT NULL AND duty <> 'EXPIRE' AND duty_from IS NULL" : "1 = 1");
    List<Object> values = new ArrayList<>();
    userId.ifPresent(id -> and(where, "user_id = $", values, id));
    status.ifPresent(wanted -> and(where, "status = $", values, wanted.text()));
    page.after().ifPresent(id -> and(where, "order_id < $", values, id));
    return page(where, values, page);
  }

  private Future<List<Order>> page(StringBuilder where, List<Object> values, PageRequest page) {
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

  @Override
  public Future<List<Order>> neglected(Instant now, int limit) {
    return database
        .read("SELECT * FROM orders WHERE duty_from <= $1 ORDER BY duty_from LIMIT $2", now, limit)
        .compose(this::withItems);
  }

  @Override
  public Future<List<Order>> unfinished(String after, int limit) {
    return database
        .read(
            """
            SELECT * FROM orders
            WHERE duty IS NOT NULL AND duty <> 'EXPIRE' AND duty_from IS NOT NULL
              AND COALESCE(duty_holder, '') <> $1 AND order_id > $2
              AND NOT EXISTS (SELECT 1 FROM leases
                              WHERE leases.name = 'node:' || COALESCE(orders.duty_holder, '')
                                AND leases.expires_at > $now)
            ORDER BY order_id LIMIT $3""",
            self,
            after,
            limit)
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

  /**
   * Those amid a step, the newest first; where it is said, those that do or do not wait for help.
   */
  Future<List<Order>> inSaga(Optional<Boolean> stuck, PageRequest page) {
    StringBuilder where = new StringBuilder("duty IS NOT NULL AND duty <> 'EXPIRE'");
    stuck.ifPresent(
        is -> where.append(is ? " AND duty_from IS NULL" : " AND duty_from IS NOT NULL"));
    List<Object> values = new ArrayList<>();
    page.after().ifPresent(id -> and(where, "order_id < $", values, id));
    return page(where, values, page);
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
}
