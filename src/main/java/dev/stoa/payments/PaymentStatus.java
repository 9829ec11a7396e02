package dev.stoa.payments;

import java.util.Locale;

/** What became of a payment. */
enum PaymentStatus {
  /** Written down; the provider may have been asked, or not. */
  PENDING,
  COMPLETED,
  /** Declined; nothing was taken. */
  FAILED,
  PARTIALLY_REFUNDED,
  REFUNDED;

  /** Whether money is there that can be given back. */
  boolean isRefundable() {
    return this == COMPLETED || this == PARTIALLY_REFUNDED;
  }

  /** As clients and the database write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The inverse of {@link #text()}. */
  static PaymentStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
