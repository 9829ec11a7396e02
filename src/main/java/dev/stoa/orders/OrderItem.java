package dev.stoa.orders;

import dev.stoa.service.Money;

/**
 * One line of an order: a product as it was called and priced when the order was placed.
 *
 * @param quantity above zero
 */
record OrderItem(String productId, String name, long quantity, Money unitPrice) {

  Money lineTotal() {
    return unitPrice.times(quantity);
  }
}
