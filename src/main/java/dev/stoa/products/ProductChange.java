package dev.stoa.products;

import dev.stoa.service.Money;
import java.time.Instant;
import java.util.Optional;

/** What shall be different about a product; what is empty stays. */
record ProductChange(
    Optional<String> name,
    Optional<String> description,
    Optional<Long> minorUnits,
    Optional<String> currency,
    Optional<Long> stock) {

  Product appliedTo(Product product, Instant now) {
    return new Product(
        product.id(),
        name.orElse(product.name()),
        description.orElse(product.description()),
        new Money(
            minorUnits.orElse(product.price().minorUnits()),
            currency.orElse(product.price().currency())),
        stock.orElse(product.stock()),
        product.createdAt(),
        now);
  }
}
