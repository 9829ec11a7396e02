package dev.stoa.products;

import static dev.stoa.products.ProductOperations.canonical;

import dev.stoa.products.Reservation.Item;
import dev.stoa.service.Call;
import dev.stoa.service.Operations;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The operations on reservations, for the order service, from call to reply. */
final class ReservationOperations {
  private final Reservations reservations;

  ReservationOperations(Reservations reservations) {
    this.reservations = reservations;
  }

  Operations addTo(Operations operations) {
    return operations
        .on("reserve", this::reserve)
        .on("commitReservation", this::commit)
        .on("releaseReservation", this::release);
  }

  private Future<Reply> reserve(Call call) {
    List<Item> items =
        call.body().getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .map(
                item -> new Item(canonical(item.getString("product_id")), item.getLong("quantity")))
            .toList();
    return reservations
        .reserve(canonical(call.body().getString("order_id")), items)
        .map(ReservationOperations::reply);
  }

  private Future<Reply> commit(Call call) {
    return reservations.commit(canonical(call.path("order_id"))).map(ReservationOperations::reply);
  }

  private Future<Reply> release(Call call) {
    return reservations.release(canonical(call.path("order_id"))).map(ReservationOperations::reply);
  }

  private static Reply reply(Reservation reservation) {
    List<JsonObject> items =
        reservation.items().stream()
            .map(
                item ->
                    new JsonObject()
                        .put("product_id", item.productId())
                        .put("quantity", item.quantity()))
            .toList();
    return Reply.ok(
        new JsonObject()
            .put("order_id", reservation.orderId())
            .put("status", reservation.status().text())
            .put("items", new JsonArray(items)));
  }
}
