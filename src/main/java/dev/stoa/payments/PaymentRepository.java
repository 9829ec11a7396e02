package dev.stoa.payments;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Payments in the database. */
final class PaymentRepository implements PaymentStore {
  private static final int MAX_PER_ORDER = 1000;

  private final Database database;
  private final PaymentEvents events;
  private final String self;

  /**
   * The payments in a database.
   *
   * @param self this process, as its leases name it
   */
  PaymentRepository(Database database, PaymentEvents events, String self) {
    this.database = database;
    this.events = events;
    this.self = self;
  }

  @Override
  public Future<Payment> insert(Payment payment, Instant attendFrom) {
    return database
        .run(
            """
            INSERT INTO payments (payment_id, order_id, user_id, amount_minor, currency, method,
                                  created_at, status, refunded_minor, refunding_minor, attend_from,
                                  attendant)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
            payment.id(),
            payment.orderId(),
            payment.userId(),
            payment.amount().minorUnits(),
            payment.amount().currency(),
            payment.method(),
            payment.createdAt(),
            payment.status().text(),
            payment.refunded().minorUnits(),
            payment.refunding().minorUnits(),
            attendFrom,
            self)
        .map(payment);
  }

  @Override
  public Future<Payment> get(String paymentId) {
    return database
        .read("SELECT * FROM payments WHERE payment_id = $1", paymentId)
        .map(rows -> rows.first(PaymentRepository::payment).orElseThrow(() -> notFound(paymentId)));
  }

  static ProblemException notFound(String paymentId) {
    return new ProblemException(ProblemType.NOT_FOUND, "There is no payment " + paymentId + ".");
  }

  @Override
  public Future<List<Payment>> ofOrder(String orderId) {
    return database
        .read(
            "SELECT * FROM payments WHERE order_id = $1 ORDER BY payment_id DESC LIMIT $2",
            orderId,
            MAX_PER_ORDER)
        .map(rows -> rows.map(PaymentRepository::payment));
  }

  /**
   * A payment beside its refunds.
   *
   * @param givenBack the sum of those that have come to a good end
   */
  record Books(Payment payment, Money givenBack) {}

  /**
   * Payments whose order is in {@code (after, until]}, by order. Without the failed ones, which
   * took nothing and of which an order may have any number.
   */
  Future<List<Books>> between(String after, String until, int limit) {
    return database
        .read(
            """
            SELECT payments.*, CAST(COALESCE(
                (SELECT SUM(refunds.amount_minor) FROM refunds
                 WHERE refunds.payment_id = payments.payment_id AND refunds.status = 'completed'),
                0) AS BIGINT) AS given_back
            FROM payments WHERE order_id > $1 AND order_id <= $2 AND status <> 'failed'
            ORDER BY order_id, payment_id LIMIT $3""",
            after,
            until,
            limit)
        .map(
            rows ->
                rows.map(
                    row ->
                        new Books(payment(row), money(row, "given_back", row.text("currency")))));
  }

  /** Newest first, of one user and for one order if given. */
  Future<List<Payment>> list(Optional<String> userId, Optional<String> orderId, PageRequest page) {
    StringBuilder where = new StringBuilder("1 = 1");
    Parameters given = new Parameters();
    userId.ifPresent(id -> where.append(" AND user_id = ").append(given.add(id)));
    orderId.ifPresent(id -> where.append(" AND order_id = ").append(given.add(id)));
    page.after().ifPresent(id -> where.append(" AND payment_id < ").append(given.add(id)));
    return database
        .read(
            "SELECT * FROM payments WHERE "
                + where
                + " ORDER BY payment_id DESC LIMIT "
                + given.add(page.fetch()),
            given.values())
        .map(rows -> rows.map(PaymentRepository::payment));
  }

  @Override
  public Future<List<Payment>> neglected(Instant now, int limit) {
    return database
        .read(
            "SELECT * FROM payments WHERE attend_from <= $1 ORDER BY attend_from LIMIT $2",
            now,
            limit)
        .map(rows -> rows.map(PaymentRepository::payment));
  }

  @Override
  public Future<List<Payment>> unfinished(String after, int limit) {
    return database
        .read(
            """
            SELECT * FROM payments
            WHERE attend_from IS NOT NULL AND COALESCE(attendant, '') <> $1 AND payment_id > $2
              AND NOT EXISTS (SELECT 1 FROM leases
                              WHERE leases.name = 'node:' || COALESCE(payments.attendant, '')
                                AND leases.expires_at > $now)
            ORDER BY payment_id LIMIT $3""",
            self,
            after,
            limit)
        .map(rows -> rows.map(PaymentRepository::payment));
  }

  @Override
  public Future<Void> postpone(Payment payment, Instant until) {
    return database
        .run(
            """
            UPDATE payments SET attend_from = $1, attendant = $2, attempts = attempts + 1
            WHERE payment_id = $3 AND attend_from IS NOT NULL""",
            until,
            self,
            payment.id())
        .mapEmpty();
  }

  @Override
  public Future<Payment> conclude(Payment payment, PaymentStatus status, Instant now) {
    return database
        .guarded(
            sql ->
                sql.run(
                        """
                        UPDATE payments SET status = $1, attend_from = NULL, attempts = 0
                        WHERE payment_id = $2 AND status = 'pending' AND refunding_minor = 0
                        RETURNING *""",
                        status.text(),
                        payment.id())
                    .compose(
                        rows ->
                            tell(sql, rows, now)
                                .map(told -> rows.first(PaymentRepository::payment))))
        .compose(
            concluded -> concluded.map(Future::succeededFuture).orElseGet(() -> get(payment.id())));
  }

  @Override
  public Future<Boolean> beginReturn(Payment payment) {
    return database
        .run(
            """
            UPDATE payments SET refunding_minor = amount_minor
            WHERE payment_id = $1 AND status = 'pending'""",
            payment.id())
        .map(rows -> rows.changed() == 1);
  }

  @Override
  public Future<Void> concludeReturned(Payment payment, Refund refund, Instant now) {
    return database.guarded(
        sql ->
            sql.run(
                    """
                    UPDATE payments
                    SET status = 'refunded', refunded_minor = amount_minor, refunding_minor = 0,
                        attend_from = NULL, attempts = 0
                    WHERE payment_id = $1 AND status = 'pending'
                    RETURNING *""",
                    payment.id())
                .compose(
                    rows ->
                        rows.isEmpty()
                            ? Future.succeededFuture()
                            : RefundRepository.insert(sql, refund, "completed", now)
                                .compose(done -> tell(sql, rows, now))));
  }

  private Future<Void> tell(Sql sql, Rows changed, Instant now) {
    return changed.isEmpty()
        ? Future.succeededFuture()
        : events.add(sql, payment(changed.rows().get(0)), now).mapEmpty();
  }

  static Payment payment(Row row) {
    String currency = row.text("currency");
    return new Payment(
        row.text("payment_id"),
        row.text("order_id"),
        row.text("user_id"),
        money(row, "amount_minor", currency),
        row.text("method"),
        row.instant("created_at"),
        PaymentStatus.of(row.text("status")),
        money(row, "refunded_minor", currency),
        money(row, "refunding_minor", currency),
        (int) row.number("attempts"));
  }

  private static Money money(Row row, String column, String currency) {
    return new Money(row.number(column), currency);
  }
}
