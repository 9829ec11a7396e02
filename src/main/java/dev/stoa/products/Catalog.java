package dev.stoa.products;

import dev.stoa.persistence.UniqueViolation;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What can be done with products. A {@code cause} is {@code user:<id>}. */
final class Catalog {
  private final ProductRepository products;
  private final InstantSource clock;

  Catalog(ProductRepository products, InstantSource clock) {
    this.products = products;
    this.clock = clock;
  }

  /** Adds it; where it was added before, it is as it is now. */
  Future<Product> add(NewProduct product, String cause) {
    return products
        .insert(product.addedAt(now()), cause)
        .recover(
            failure ->
                failure instanceof UniqueViolation
                    ? read(product.id())
                    : Future.failedFuture(failure));
  }

  Future<Product> read(String id) {
    return products.find(id).map(found -> found.orElseThrow(ProductRepository::notFound));
  }

  Future<List<Product>> read(List<String> productIds) {
    return products.find(productIds);
  }

  Future<List<Product>> page(PageRequest page) {
    return products.page(page);
  }

  Future<List<Product>> search(String text, PageRequest page) {
    return products.search(text, page);
  }

  Future<Product> change(String id, ProductChange change, String cause) {
    return products.update(id, product -> change.appliedTo(product, now()), cause);
  }

  /** Takes off the stock, or puts back what is negative. */
  Future<Product> take(String id, long quantity, String cause) {
    if (quantity == 0) {
      throw ProblemException.invalid("quantity", "must not be zero");
    }
    return products
        .take(id, quantity, cause, now())
        .compose(taken -> taken.map(Future::succeededFuture).orElseGet(() -> tooFew(id)));
  }

  private Future<Product> tooFew(String id) {
    return read(id)
        .map(
            product -> {
              throw new ProblemException(
                      ProblemType.INSUFFICIENT_STOCK,
                      "There are only " + product.stock() + " left.")
                  .withErrors(List.of(new FieldError("quantity", "is above " + product.stock())));
            });
  }

  /** What happened to a product's stock, the oldest first; NOT_FOUND. */
  Future<List<StockLedger.Entry>> movements(String id, PageRequest page) {
    return read(id).compose(found -> products.movements(id, page));
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
