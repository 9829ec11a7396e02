package dev.stoa.products;

import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The only way stock changes: one update of the product's accounts and one entry in the ledger,
 * inside the caller's transaction.
 */
final class StockLedger {

  /**
   * An entry of the ledger.
   *
   * @param number counts a product's entries from 1, without gaps
   * @param cause {@code order:<id>} or {@code user:<id>}
   */
  record Entry(long number, Instant at, String kind, long quantity, String cause) {}

  private StockLedger() {}

  /**
   * Moves that many pieces.
   *
   * @return the product's row after it; empty, and nothing done, where there is no such product or
   *     one of its accounts would fall below zero
   */
  static Future<Optional<Row>> move(
      Sql sql, String productId, Movement kind, long quantity, String cause, Instant now) {
    return sql.run(
            """
            UPDATE products
            SET received = received + $2, stock = stock + $3, reserved = reserved + $4,
                sold = sold + $5, movements = movements + 1, updated_at = $6
            WHERE product_id = $1 AND received + $2 >= 0 AND stock + $3 >= 0
              AND reserved + $4 >= 0 AND sold + $5 >= 0
            RETURNING *""",
            productId,
            kind.received(quantity),
            kind.available(quantity),
            kind.reserved(quantity),
            kind.sold(quantity),
            now)
        .map(rows -> rows.first(row -> row))
        .compose(
            row ->
                row.isEmpty()
                    ? Future.succeededFuture(row)
                    : enter(sql, row.get(), kind, quantity, cause, now).map(row));
  }

  private static Future<Rows> enter(
      Sql sql, Row product, Movement kind, long quantity, String cause, Instant now) {
    return sql.run(
        """
        INSERT INTO stock_movements (product_id, number, at, kind, quantity, cause)
        VALUES ($1, $2, $3, $4, $5, $6)""",
        product.text("product_id"),
        product.number("movements"),
        now,
        kind.text(),
        quantity,
        cause);
  }

  /** Entries of a product, the oldest first. */
  static Future<List<Entry>> page(Sql sql, String productId, PageRequest page) {
    return sql.run(
            """
            SELECT * FROM stock_movements WHERE product_id = $1 AND number > $2
            ORDER BY number LIMIT $3""",
            productId,
            page.after()
                .filter(after -> after.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L),
            page.fetch())
        .map(
            rows ->
                rows.map(
                    row ->
                        new Entry(
                            row.number("number"),
                            row.instant("at"),
                            row.text("kind"),
                            row.number("quantity"),
                            row.text("cause"))));
  }
}
