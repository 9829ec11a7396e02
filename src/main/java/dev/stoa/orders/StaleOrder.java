package dev.stoa.orders;

/** Somebody else has changed the order since it was read: read it again and decide again. */
final class StaleOrder extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StaleOrder(String orderId) {
    super("order " + orderId + " was changed meanwhile", null, false, false);
  }
}
