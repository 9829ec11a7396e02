package dev.stoa.products;

import java.util.Locale;

/**
 * A kind of entry in the ledger of stock, and what it does to the four accounts of a product. Each
 * keeps {@code received = available + reserved + sold}.
 */
enum Movement {
  /** New pieces. */
  RECEIVED(1, 1, 0, 0),
  /** The count was corrected, by a quantity that may be negative. */
  ADJUSTED(1, 1, 0, 0),
  /** An order holds them. */
  RESERVED(0, -1, 1, 0),
  /** The order that held them is off. */
  RELEASED(0, 1, -1, 0),
  /** The order that held them was not paid in time. */
  EXPIRED(0, 1, -1, 0),
  /** The order that held them is paid. */
  SOLD(0, 0, -1, 1),
  /** The order that had bought them is off. */
  RETURNED(0, 1, 0, -1);

  private final int received;
  private final int available;
  private final int reserved;
  private final int sold;

  Movement(int received, int available, int reserved, int sold) {
    this.received = received;
    this.available = available;
    this.reserved = reserved;
    this.sold = sold;
  }

  long received(long quantity) {
    return received * quantity;
  }

  long available(long quantity) {
    return available * quantity;
  }

  long reserved(long quantity) {
    return reserved * quantity;
  }

  long sold(long quantity) {
    return sold * quantity;
  }

  /** As the ledger and the API write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
