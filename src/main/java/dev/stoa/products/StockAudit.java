package dev.stoa.products;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Row;
import io.vertx.core.Future;
import java.util.List;

/**
 * Whether the books of stock add up: {@code received = available + reserved + sold}, the accounts
 * are what the ledger says, and what is reserved and sold is what the reservations say. Each page
 * of products is one statement, and so sees one moment, whatever else goes on.
 */
final class StockAudit {

  /**
   * One product's books.
   *
   * @param fault what does not add up; null where all does
   */
  record Books(
      String productId, long received, long available, long reserved, long sold, String fault) {}

  private static final String PAGE =
      """
      WITH page AS (
        SELECT * FROM products WHERE product_id > $1 ORDER BY product_id LIMIT $2),
      ledger AS (
        SELECT m.product_id, COUNT(*) AS entries,
          SUM(CASE WHEN m.kind IN ('received', 'adjusted') THEN m.quantity ELSE 0 END) AS received,
          SUM(CASE WHEN m.kind = 'reserved' THEN m.quantity
                   WHEN m.kind IN ('released', 'expired', 'sold') THEN -m.quantity
                   ELSE 0 END) AS reserved,
          SUM(CASE WHEN m.kind = 'sold' THEN m.quantity
                   WHEN m.kind = 'returned' THEN -m.quantity ELSE 0 END) AS sold
        FROM stock_movements m JOIN page ON page.product_id = m.product_id
        GROUP BY m.product_id),
      taken AS (
        SELECT i.product_id,
          SUM(CASE WHEN r.status = 'held' THEN i.quantity ELSE 0 END) AS reserved,
          SUM(CASE WHEN r.status = 'committed' THEN i.quantity ELSE 0 END) AS sold
        FROM reservation_items i
        JOIN page ON page.product_id = i.product_id
        JOIN reservations r ON r.order_id = i.order_id
        GROUP BY i.product_id)
      SELECT page.product_id, page.received, page.stock, page.reserved, page.sold, page.movements,
        CAST(COALESCE(ledger.entries, 0) AS BIGINT) AS ledger_entries,
        CAST(COALESCE(ledger.received, 0) AS BIGINT) AS ledger_received,
        CAST(COALESCE(ledger.reserved, 0) AS BIGINT) AS ledger_reserved,
        CAST(COALESCE(ledger.sold, 0) AS BIGINT) AS ledger_sold,
        CAST(COALESCE(taken.reserved, 0) AS BIGINT) AS taken_reserved,
        CAST(COALESCE(taken.sold, 0) AS BIGINT) AS taken_sold
      FROM page
      LEFT JOIN ledger ON ledger.product_id = page.product_id
      LEFT JOIN taken ON taken.product_id = page.product_id
      ORDER BY page.product_id""";

  private final Database database;

  StockAudit(Database database) {
    this.database = database;
  }

  /** The books of so many products after that one. */
  Future<List<Books>> page(String after, int limit) {
    return database.read(PAGE, after, limit).map(rows -> rows.map(StockAudit::books));
  }

  private static Books books(Row row) {
    return new Books(
        row.text("product_id"),
        row.number("received"),
        row.number("stock"),
        row.number("reserved"),
        row.number("sold"),
        fault(row));
  }

  private static String fault(Row row) {
    long received = row.number("received");
    long sum = row.number("stock") + row.number("reserved") + row.number("sold");
    if (received != sum) {
      return "received " + received + ", but available + reserved + sold = " + sum;
    }
    String[][] pairs = {
      {"movements", "ledger_entries"},
      {"received", "ledger_received"},
      {"reserved", "ledger_reserved"},
      {"sold", "ledger_sold"},
      {"reserved", "taken_reserved"},
      {"sold", "taken_sold"}
    };
    for (String[] pair : pairs) {
      if (row.number(pair[0]) != row.number(pair[1])) {
        return pair[0]
            + " is "
            + row.number(pair[0])
            + ", but "
            + pair[1].replace('_', ' ')
            + " is "
            + row.number(pair[1]);
      }
    }
    return null;
  }
}
