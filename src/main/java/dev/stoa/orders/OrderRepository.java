package dev.stoa.orders;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Parameters;
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
import java.util.Optional;

/** The orders in the database, with their items. */
final class OrderRepository implements OrderStore {
  private static final String AMID_A_STEP = "duty IS NOT NULL AND duty <> 'EXPIRE'";
  private static final String STUCK = AMID_A_STEP + " AND duty_from IS NULL";
  private static final String AT_WORK = AMID_A_STEP + " AND duty_from IS NOT NULL";

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
                    OrderItems.insert(sql, order),
                    Timeline.add(sql, order, placed.events()),
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
    notes.add(Timeline.add(sql, advanced, move.events()));
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
    StringBuilder where = new StringBuilder(stuck ? STUCK : "1 = 1");
    Parameters given = new Parameters();
    userId.ifPresent(id -> where.append(" AND user_id = ").append(given.add(id)));
    status.ifPresent(wanted -> where.append(" AND status = ").append(given.add(wanted.text())));
    return page(where, given, page);
  }

  private Future<List<Order>> page(StringBuilder where, Parameters given, PageRequest page) {
    page.after().ifPresent(id -> where.append(" AND order_id < ").append(given.add(id)));
    return database
        .read(
            "SELECT * FROM orders WHERE "
                + where
                + " ORDER BY order_id DESC LIMIT "
                + given.add(page.fetch()),
            given.values())
        .compose(this::withItems);
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
    String where = stuck.map(is -> is ? STUCK : AT_WORK).orElse(AMID_A_STEP);
    return page(new StringBuilder(where), new Parameters(), page);
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
    return Timeline.of(database::read, orderId);
  }

  private Future<List<Order>> withItems(Rows orders) {
    return orders.isEmpty()
        ? Future.succeededFuture(List.of())
        : OrderItems.of(database::read, orders)
            .map(items -> orders.map(row -> OrderRows.order(row, items.get(row.text("order_id")))));
  }
}
