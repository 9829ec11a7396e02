package dev.stoa.orders;

import dev.stoa.service.Money;
import dev.stoa.service.Reply;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What orders asks product-service. */
final class ProductsClient {
  private static final String SERVICE = "product-service";

  private static final Duration MARGIN = OrdersConfig.HOLD_MARGIN;

  /** A product as it is sold now. */
  record Offer(String productId, String name, Money price, long stock) {}

  private final ServiceClient client;

  ProductsClient(ServiceClient client) {
    this.client = client;
  }

  /** The offers of these products, by product id; unknown products are absent. */
  Future<Map<String, Offer>> lookup(List<String> productIds, String requestId) {
    return client
        .call(
            ServiceRequest.to(SERVICE, "lookupProducts", requestId)
                .body(new JsonObject().put("product_ids", new JsonArray(productIds))))
        .map(
            reply ->
                reply.body().getJsonArray("items").stream()
                    .map(item -> offer((JsonObject) item))
                    .collect(Collectors.toMap(Offer::productId, Function.identity())));
  }

  private static Offer offer(JsonObject json) {
    return new Offer(
        json.getString("product_id"),
        json.getString("name"),
        Money.parse(json.getValue("price"), json.getString("currency"), "price"),
        json.getLong("stock"));
  }

  /** Holds the stock of all items or of none. */
  Future<Void> reserve(Order order, String requestId) {
    Duration hold = Duration.between(order.createdAt(), order.expiresAt()).plus(MARGIN);
    JsonArray items = new JsonArray();
    order
        .items()
        .forEach(
            item ->
                items.add(
                    new JsonObject()
                        .put("product_id", item.productId())
                        .put("quantity", item.quantity())));
    return client
        .call(
            ServiceRequest.to(SERVICE, "reserve", requestId)
                .body(
                    new JsonObject()
                        .put("order_id", order.id())
                        .put("items", items)
                        .put("hold_seconds", hold.toSeconds())))
        .mapEmpty();
  }

  /** Makes the order's reservation final. */
  Future<Void> commit(String orderId, String requestId) {
    return client
        .call(ServiceRequest.to(SERVICE, "commitReservation", requestId).path("order_id", orderId))
        .mapEmpty();
  }

  /** Puts back what the order holds, if it holds anything, and keeps it from holding more. */
  Future<Void> release(String orderId, String requestId) {
    return client
        .call(ServiceRequest.to(SERVICE, "releaseReservation", requestId).path("order_id", orderId))
        .mapEmpty();
  }

  /** The books of stock of some products after that one. */
  Future<JsonObject> auditStock(String after, String requestId) {
    ServiceRequest request = ServiceRequest.to(SERVICE, "auditStock", requestId);
    return client.call(after.isEmpty() ? request : request.query("after", after)).map(Reply::body);
  }

  /** Hands over each reservation whose order is in {@code (after, until]}. */
  Future<Void> auditReservations(
      String after, String until, String requestId, Consumer<ReservationView> each) {
    ServiceRequest request =
        ServiceRequest.to(SERVICE, "auditReservations", requestId).query("until", until);
    return client
        .call(after.isEmpty() ? request : request.query("after", after))
        .compose(
            reply -> {
              JsonArray items = reply.body().getJsonArray("items");
              items.forEach(item -> each.accept(ReservationView.of((JsonObject) item)));
              return reply.body().getBoolean("more")
                  ? auditReservations(
                      items.getJsonObject(items.size() - 1).getString("order_id"),
                      until,
                      requestId,
                      each)
                  : Future.succeededFuture();
            });
  }
}
