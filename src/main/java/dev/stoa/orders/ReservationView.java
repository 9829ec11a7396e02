package dev.stoa.orders;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * A reservation as product-service tells of it.
 *
 * @param status as product-service writes it
 * @param items quantities by product
 */
record ReservationView(String orderId, String status, Map<String, Long> items) {
  ReservationView {
    items = Map.copyOf(items);
  }

  static ReservationView of(JsonObject json) {
    Map<String, Long> items = new TreeMap<>();
    for (Object entry : json.getJsonArray("items")) {
      JsonObject item = (JsonObject) entry;
      items.put(item.getString("product_id"), item.getLong("quantity"));
    }
    return new ReservationView(json.getString("order_id"), json.getString("status"), items);
  }

  /** Whether stock is away for it. */
  boolean takesStock() {
    return status.equals("held") || status.equals("committed");
  }
}
