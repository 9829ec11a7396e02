package dev.stoa.products;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The stock that an order has taken.
 *
 * @param items in the order of their product ids; empty where the order never took anything
 * @param expiresAt when a held one lapses by itself
 */
record Reservation(String orderId, Status status, List<Item> items, Instant expiresAt) {
  enum Status {
    /** Taken off the stock, not yet paid. */
    HELD,
    /** Paid. */
    COMMITTED,
    /** Put back, or called off before it was taken: never to be had any more. */
    RELEASED,
    /** Not paid in time and put back; a payment that comes late may still find enough. */
    EXPIRED,
    /** There was not enough. Kept, so that the same request again gets no other answer. */
    REFUSED;

    /** As the API writes it. */
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

  Reservation become(Status next) {
    return new Reservation(orderId, next, items, expiresAt);
  }

  boolean hasLapsed(Instant now) {
    return status == Status.HELD && !now.isBefore(expiresAt);
  }
}
