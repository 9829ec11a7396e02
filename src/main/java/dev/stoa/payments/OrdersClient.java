package dev.stoa.payments;

import dev.stoa.service.Money;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** What payments asks order-service. */
final class OrdersClient {
  private static final String SERVICE = "order-service";

  /**
   * An order as far as payments cares.
   *
   * @param status as order-service writes it
   */
  record OrderView(String id, String userId, String status, Money total) {}

  private final ServiceClient client;

  OrdersClient(ServiceClient client) {
    this.client = client;
  }

  /** The order; NOT_FOUND where there is none. */
  Future<OrderView> get(String orderId, String requestId) {
    return client.call(request("getOrder", orderId, requestId)).map(reply -> view(reply.body()));
  }

  private static OrderView view(JsonObject json) {
    return new OrderView(
        json.getString("order_id"),
        json.getString("user_id"),
        json.getString("status"),
        Money.parse(json.getValue("total_amount"), json.getString("currency"), "total_amount"));
  }

  /** The order is paid by this payment; CONFLICT where it cannot be. */
  Future<Void> settle(Payment payment, String requestId) {
    JsonObject settlement =
        new JsonObject()
            .put("payment_id", payment.id())
            .put("amount", payment.amount().toJson())
            .put("currency", payment.amount().currency());
    return client
        .call(request("settleOrder", payment.orderId(), requestId).body(settlement))
        .mapEmpty();
  }

  /** Cancels the order; being paid, it asks for its money back. */
  Future<Void> cancel(String orderId, String requestId) {
    return client
        .call(
            request("changeOrderStatus", orderId, requestId)
                .body(new JsonObject().put("status", "cancelled")))
        .mapEmpty();
  }

  private static ServiceRequest request(String operation, String orderId, String requestId) {
    return ServiceRequest.to(SERVICE, operation, requestId).path("order_id", orderId);
  }
}
