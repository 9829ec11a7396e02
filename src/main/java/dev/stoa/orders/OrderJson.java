package dev.stoa.orders;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

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
        .put(
            "payment_id",
            order.status().isOpen() ? null : order.progress().paymentId().orElse(null))
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

  /** An order, and where its saga stands. */
  static JsonObject withSaga(Order order) {
    return of(order).put("saga", saga(order));
  }

  /** What happened to an order, and where its saga stands. */
  static JsonObject timeline(Order order, List<OrderEvent> events) {
    JsonArray items = new JsonArray();
    events.forEach(event -> items.add(of(event)));
    return new JsonObject()
        .put("order_id", order.id())
        .put("status", order.status().text())
        .put("saga", saga(order))
        .put("items", items);
  }

  private static JsonObject saga(Order order) {
    Optional<Duty> duty = order.progress().duty();
    Optional<Duty> step = duty.filter(d -> d.kind().isStep());
    String state =
        order.needsAttention()
            ? "needs_attention"
            : step.isPresent() ? "running" : duty.isPresent() ? "waiting" : "ended";
    return new JsonObject()
        .put("state", state)
        .put("step", step.map(d -> d.kind().text()).orElse(null))
        .put("attempts", step.map(Duty::attempts).orElse(0))
        .put("key", step.map(Duty::key).orElse(null))
        .put("due", duty.map(Duty::from).map(String::valueOf).orElse(null))
        .put("reason", duty.flatMap(Duty::stuck).orElse(null));
  }

  private static JsonObject of(OrderEvent event) {
    return new JsonObject()
        .put("at", event.at().toString())
        .put("event", event.event())
        .put("status", event.status().text())
        .put("actor", event.cause().actor())
        .put("request_id", event.cause().requestId())
        .put("trace_id", event.cause().traceId())
        .put("detail", event.detail())
        .put("step", event.step().map(OrderJson::of).orElse(null));
  }

  private static JsonObject of(SagaNote note) {
    return new JsonObject()
        .put("name", note.step().text())
        .put("phase", note.phase().text())
        .put("attempt", note.attempt())
        .put("key", note.key());
  }
}
