package dev.stoa.products;

import java.util.List;
import java.util.Locale;

/**
 * The stock that an order has taken.
 *
 * @param items in the order of their product ids; empty where the order was called off before it
 *     took anything
 */
record Reservation(String orderId, Status status, List<Item> items) {
  enum Status {
    /** Taken off the stock, not yet paid. */
    HELD,
    /** Paid. */
    COMMITTED,
    /** Put back. */
    RELEASED;

    /** As written in the database and the API. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** So many of one product. */
  record Item(String productId, long quantity) {}

  Reservation {
    items = List.copyOf(items);
  }
}
