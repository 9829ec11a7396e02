package dev.stoa.orders;

import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import io.vertx.core.Future;

/** What orders asks payment-service. */
final class PaymentsClient {
  private static final String SERVICE = "payment-service";

  private final ServiceClient client;

  PaymentsClient(ServiceClient client) {
    this.client = client;
  }

  /** Gives back all that was paid for the order and not given back before. */
  Future<Void> refund(String orderId, String requestId) {
    return client
        .call(ServiceRequest.to(SERVICE, "refundOrder", requestId).path("order_id", orderId))
        .mapEmpty();
  }
}
