package dev.stoa.orders;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How far an order has come, and where it may go from there. */
enum OrderStatus {
  /** Priced and written down; stock not yet taken. */
  PENDING,
  /** Stock is held until the order expires. */
  RESERVED,
  PAID,
  SHIPPED,
  DELIVERED,
  CANCELLED;

  private static final Map<OrderStatus, Set<OrderStatus>> LEGAL =
      Map.of(
          PENDING, EnumSet.of(RESERVED, CANCELLED),
          RESERVED, EnumSet.of(PAID, CANCELLED),
          PAID, EnumSet.of(SHIPPED, CANCELLED),
          SHIPPED, EnumSet.of(DELIVERED),
          DELIVERED, EnumSet.noneOf(OrderStatus.class),
          CANCELLED, EnumSet.noneOf(OrderStatus.class));

  boolean mayBecome(OrderStatus next) {
    return LEGAL.get(this).contains(next);
  }

  /** Whether the order waits for its payment, so that it can expire. */
  boolean isOpen() {
    return this == PENDING || this == RESERVED;
  }

  /** Whether people may ask for it; the other steps follow from reserving and paying. */
  boolean isSetByHand() {
    return this == SHIPPED || this == DELIVERED || this == CANCELLED;
  }

  /** As clients and the database write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The inverse of {@link #text()}.
   *
   * @throws IllegalArgumentException for any other text; the contract keeps clients' away
   */
  static OrderStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
