package dev.stoa.payments;

import dev.stoa.service.Money;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Orders, by calls of order-service. */
final class OrdersClient implements Orders {
  private static final String SERVICE = "order-service";

  private final ServiceClient client;

  OrdersClient(ServiceClient client) {
    this.client = client;
  }

  @Override
  public Future<OrderView> get(String orderId, String requestId) {
    return client.call(request("getOrder", orderId, requestId)).map(reply -> view(reply.body()));
  }

  private static OrderView view(JsonObject json) {
    return new OrderView(
        json.getString("order_id"),
        json.getString("user_id"),
        json.getString("status"),
        Money.parse(json.getValue("total_amount"), json.getString("currency"), "total_amount"));
  }

  @Override
  public Future<Void> settle(Payment payment, String requestId) {
    JsonObject settlement =
        new JsonObject()
            .put("payment_id", payment.id())
            .put("amount", payment.amount().toJson())
            .put("currency", payment.amount().currency());
    return client
        .call(request("settleOrder", payment.orderId(), requestId).body(settlement))
        .mapEmpty();
  }

  @Override
  public Future<Void> cancel(String orderId, String requestId) {
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
