package dev.stoa.payments;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Keeps refunds, and what they change about their payments. */
final class RefundRepository {
  private final Database database;

  RefundRepository(Database database) {
    this.database = database;
  }

  /**
   * Writes down that money is to be given back; false, and nothing, where that much is not there.
   */
  Future<Boolean> begin(Refund refund, Instant now, Instant attendFrom) {
    return database.transaction(
        sql ->
            sql.run(
                    """
                    UPDATE payments
                    SET refunding_minor = refunding_minor + $1, attend_from = $2
                    WHERE payment_id = $3 AND status IN ('completed', 'partially_refunded')
                      AND refunded_minor + refunding_minor + $1 <= amount_minor""",
                    refund.amount().minorUnits(),
                    attendFrom,
                    refund.paymentId())
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

  Future<List<Refund>> pending(Payment payment) {
    return database
        .read(
            "SELECT * FROM refunds WHERE payment_id = $1 AND status = 'pending' ORDER BY refund_id",
            payment.id())
        .map(
            rows ->
                rows.map(
                    row ->
                        new Refund(
                            row.text("refund_id"),
                            row.text("payment_id"),
                            new Money(row.number("amount_minor"), payment.amount().currency()))));
  }

  /** Writes that a pending refund has reached the payer. */
  Future<Void> complete(Refund refund) {
    return end(
        refund,
        "completed",
        """
        UPDATE payments
        SET refunded_minor = refunded_minor + $1, refunding_minor = refunding_minor - $1,
            status = CASE WHEN refunded_minor + $1 = amount_minor
                     THEN 'refunded' ELSE 'partially_refunded' END,
            attend_from = CASE WHEN refunding_minor = $1 THEN NULL ELSE attend_from END
        WHERE payment_id = $2""");
  }

  /** Writes that the provider does not give that money back. */
  Future<Void> refuse(Refund refund) {
    return end(
        refund,
        "refused",
        """
        UPDATE payments
        SET refunding_minor = refunding_minor - $1,
            attend_from = CASE WHEN refunding_minor = $1 THEN NULL ELSE attend_from END
        WHERE payment_id = $2""");
  }

  private Future<Void> end(Refund refund, String status, String settlePayment) {
    return database.transaction(
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
                                .mapEmpty()
                            : Future.succeededFuture()));
  }
}
