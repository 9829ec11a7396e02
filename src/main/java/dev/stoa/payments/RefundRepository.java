package dev.stoa.payments;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** Refunds in the database. */
final class RefundRepository implements RefundStore {
  private final Database database;
  private final PaymentEvents events;
  private final String self;

  /**
   * The refunds in a database.
   *
   * @param self this process, as its leases name it
   */
  RefundRepository(Database database, PaymentEvents events, String self) {
    this.database = database;
    this.events = events;
    this.self = self;
  }

  @Override
  public Future<Boolean> begin(Refund refund, long left, Instant now, Instant attendFrom) {
    return database.guarded(
        sql ->
            sql.run(
                    """
                    UPDATE payments
                    SET refunding_minor = refunding_minor + $1, attend_from = $2, attendant = $3
                    WHERE payment_id = $4 AND status IN ('completed', 'partially_refunded')
                      AND refunded_minor + refunding_minor + $1 + $5 <= amount_minor""",
                    refund.amount().minorUnits(),
                    attendFrom,
                    self,
                    refund.paymentId(),
                    left)
                .compose(
                    rows ->
                        rows.changed() == 1
                            ? insert(sql, refund, "pending", now).map(true)
                            : Future.succeededFuture(false)));
  }

  static Future<Rows> insert(Sql sql, Refund refund, String status, Instant now) {
    return sql.run(
        """
        INSERT INTO refunds (refund_id, payment_id, amount_minor, status, created_at)
        VALUES ($1, $2, $3, $4, $5)""",
        refund.id(),
        refund.paymentId(),
        refund.amount().minorUnits(),
        status,
        now);
  }

  @Override
  public Future<Optional<Entry>> find(String refundId) {
    return database
        .read(
            """
            SELECT refunds.*, payments.currency FROM refunds
            JOIN payments ON payments.payment_id = refunds.payment_id WHERE refund_id = $1""",
            refundId)
        .map(
            rows ->
                rows.first(
                    row ->
                        new Entry(
                            refund(row, row.text("currency")),
                            State.valueOf(row.text("status").toUpperCase(Locale.ROOT)))));
  }

  @Override
  public Future<List<Refund>> pending(Payment payment) {
    return database
        .read(
            "SELECT * FROM refunds WHERE payment_id = $1 AND status = 'pending' ORDER BY refund_id",
            payment.id())
        .map(rows -> rows.map(row -> refund(row, payment.amount().currency())));
  }

  private static Refund refund(Row row, String currency) {
    return new Refund(
        row.text("refund_id"),
        row.text("payment_id"),
        new Money(row.number("amount_minor"), currency));
  }

  @Override
  public Future<Void> complete(Refund refund, Instant now) {
    return end(
        refund,
        "completed",
        """
        UPDATE payments
        SET refunded_minor = refunded_minor + $1, refunding_minor = refunding_minor - $1,
            status = CASE WHEN refunded_minor + $1 = amount_minor
                     THEN 'refunded' ELSE 'partially_refunded' END,
            attend_from = CASE WHEN refunding_minor = $1 THEN NULL ELSE attend_from END,
            attempts = 0
        WHERE payment_id = $2
        RETURNING *""",
        (sql, payment) -> events.add(sql, payment, now).mapEmpty());
  }

  @Override
  public Future<Void> refuse(Refund refund) {
    return end(
        refund,
        "refused",
        """
        UPDATE payments
        SET refunding_minor = refunding_minor - $1,
            attend_from = CASE WHEN refunding_minor = $1 THEN NULL ELSE attend_from END,
            attempts = 0
        WHERE payment_id = $2
        RETURNING *""",
        (sql, payment) -> Future.succeededFuture());
  }

  private Future<Void> end(
      Refund refund,
      String status,
      String settlePayment,
      BiFunction<Sql, Payment, Future<Void>> tell) {
    return database.guarded(
        sql ->
            sql.run(
                    "UPDATE refunds SET status = $1 WHERE refund_id = $2 AND status = 'pending'",
                    status,
                    refund.id())
                .compose(
                    rows ->
                        rows.changed() == 1
                            ? sql.run(
                                    settlePayment, refund.amount().minorUnits(), refund.paymentId())
                                .map(r -> r.first(PaymentRepository::payment).orElseThrow())
                                .compose(payment -> tell.apply(sql, payment))
                            : Future.succeededFuture()));
  }
}
