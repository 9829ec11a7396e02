package dev.stoa.products;

import dev.stoa.service.Money;
import java.time.Instant;

/**
 * A product to be added.
 *
 * @param id of the work that adds it, so that it is added once
 */
record NewProduct(String id, String name, String description, Money price, long stock) {
  Product addedAt(Instant now) {
    return new Product(id, name, description, price, stock, now, now);
  }
}
