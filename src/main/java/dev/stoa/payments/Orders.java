package dev.stoa.payments;

import dev.stoa.service.Money;
import io.vertx.core.Future;

/** What payments asks order-service. */
interface Orders {

  /**
   * An order as far as payments cares.
   *
   * @param status as order-service writes it
   */
  record OrderView(String id, String userId, String status, Money total) {}

  /** The order; NOT_FOUND where there is none. */
  Future<OrderView> get(String orderId, String requestId);

  /**
   * The order is paid by this payment. CONFLICT or NOT_FOUND where it is not and never will be;
   * after any other failure it may be.
   */
  Future<Void> settle(Payment payment, String requestId);

  /** Cancels the order; being paid, it asks for its money back. */
  Future<Void> cancel(String orderId, String requestId);
}
