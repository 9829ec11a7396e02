package dev.stoa.orders;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Orders as clients see them. */
final class OrderJson {
  private OrderJson() {}

  static JsonObject of(Order order) {
    JsonArray items = new JsonArray();
    order.items().forEach(item -> items.add(of(item)));
    return new JsonObject()
        .put("order_id", order.id())
        .put("user_id", order.userId())
        .put("status", order.status().text())
        .put("total_amount", order.total().toJson())
        .put("currency", order.total().currency())
        .put("items", items)
        .put("payment_id", order.progress().paymentId().orElse(null))
        .put("created_at", order.createdAt().toString())
        .put("expires_at", order.status().isOpen() ? order.expiresAt().toString() : null);
  }

  private static JsonObject of(OrderItem item) {
    return new JsonObject()
        .put("product_id", item.productId())
        .put("name", item.name())
        .put("quantity", item.quantity())
        .put("unit_price", item.unitPrice().toJson())
        .put("line_total", item.lineTotal().toJson());
  }

  static JsonObject timeline(String orderId, List<OrderEvent> events) {
    JsonArray items = new JsonArray();
    events.forEach(event -> items.add(of(event)));
    return new JsonObject().put("order_id", orderId).put("items", items);
  }

  private static JsonObject of(OrderEvent event) {
    return new JsonObject()
        .put("at", event.at().toString())
        .put("event", event.event())
        .put("status", event.status().text())
        .put("actor", event.cause().actor())
        .put("request_id", event.cause().requestId())
        .put("detail", event.detail());
  }
}
