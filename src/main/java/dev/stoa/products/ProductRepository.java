package dev.stoa.products;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Sql;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The products in the database. */
final class ProductRepository {
  private final Database database;

  ProductRepository(Database database) {
    this.database = database;
  }

  /** Writes a new product, and its stock as received. */
  Future<Product> insert(Product product, String cause) {
    return database.guarded(
        sql ->
            sql.run(
                    """
                    INSERT INTO products
                      (product_id, name, name_folded, description, price_minor, currency, stock,
                       created_at, updated_at)
                    VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)""",
                    product.id(),
                    product.name(),
                    SearchText.folded(product.name()),
                    product.description(),
                    product.price().minorUnits(),
                    product.price().currency(),
                    product.createdAt(),
                    product.updatedAt())
                .compose(done -> receive(sql, product, cause))
                .map(product));
  }

  private static Future<?> receive(Sql sql, Product product, String cause) {
    return product.stock() == 0
        ? Future.succeededFuture()
        : StockLedger.move(
            sql, product.id(), Movement.RECEIVED, product.stock(), cause, product.createdAt());
  }

  Future<Optional<Product>> find(String id) {
    return find(database::read, id);
  }

  /** Finds a product inside a transaction. */
  static Future<Optional<Product>> find(Sql sql, String id) {
    return sql.run("SELECT * FROM products WHERE product_id = $1", id)
        .map(rows -> rows.first(ProductRepository::product));
  }

  Future<List<Product>> find(List<String> ids) {
    Parameters given = new Parameters();
    return database
        .read(
            "SELECT * FROM products WHERE product_id IN "
                + given.addAll(ids)
                + " ORDER BY product_id",
            given.values())
        .map(rows -> rows.map(ProductRepository::product));
  }

  Future<List<Product>> page(PageRequest page) {
    return database
        .read(
            "SELECT * FROM products WHERE product_id > $1 ORDER BY product_id LIMIT $2",
            page.after().orElse(""),
            page.fetch())
        .map(rows -> rows.map(ProductRepository::product));
  }

  Future<List<Product>> search(String text, PageRequest page) {
    return database
        .read(
            """
            SELECT * FROM products
            WHERE product_id > $1 AND name_folded LIKE $2 ESCAPE '!'
            ORDER BY product_id LIMIT $3""",
            page.after().orElse(""),
            SearchText.containing(text),
            page.fetch())
        .map(rows -> rows.map(ProductRepository::product));
  }

  /** Changes a product in one transaction; NOT_FOUND. */
  Future<Product> update(String id, UnaryOperator<Product> change, String cause) {
    return database.guarded(
        sql ->
            // Nobody else moves its stock from here on: the difference is to what is there.
            sql.run(
                    """
                    UPDATE products SET updated_at = updated_at WHERE product_id = $1
                    RETURNING *""",
                    id)
                .map(rows -> rows.first(ProductRepository::product))
                .map(found -> found.orElseThrow(ProductRepository::notFound))
                .compose(before -> write(sql, before, change.apply(before), cause)));
  }

  private static Future<Product> write(Sql sql, Product before, Product after, String cause) {
    long difference = after.stock() - before.stock();
    return write(sql, after)
        .compose(
            done ->
                difference == 0
                    ? Future.succeededFuture()
                    : StockLedger.move(
                        sql, after.id(), Movement.ADJUSTED, difference, cause, after.updatedAt()))
        .map(after);
  }

  private static Future<Void> write(Sql sql, Product product) {
    return sql.run(
            """
            UPDATE products
            SET name = $2, name_folded = $3, description = $4, price_minor = $5, currency = $6,
                updated_at = $7
            WHERE product_id = $1""",
            product.id(),
            product.name(),
            SearchText.folded(product.name()),
            product.description(),
            product.price().minorUnits(),
            product.price().currency(),
            product.updatedAt())
        .mapEmpty();
  }

  /**
   * Takes off the stock, or puts back where {@code quantity} is negative.
   *
   * @return the product after it; empty where there is no such product or not enough of it
   */
  Future<Optional<Product>> take(String id, long quantity, String cause, Instant now) {
    Movement kind = quantity < 0 ? Movement.RECEIVED : Movement.ADJUSTED;
    return database
        .guarded(sql -> StockLedger.move(sql, id, kind, -quantity, cause, now))
        .map(row -> row.map(ProductRepository::product));
  }

  /** Entries of a product's ledger, the oldest first. */
  Future<List<StockLedger.Entry>> movements(String id, PageRequest page) {
    return StockLedger.page(database::read, id, page);
  }

  static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND, "There is no such product.");
  }

  private static Product product(Row row) {
    return new Product(
        row.text("product_id"),
        row.text("name"),
        row.text("description"),
        new Money(row.number("price_minor"), row.text("currency")),
        row.number("stock"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }
}
