package dev.stoa.products;

import static dev.stoa.products.ProductOperations.canonical;

import dev.stoa.config.Live;
import dev.stoa.products.Reservation.Item;
import dev.stoa.service.Call;
import dev.stoa.service.Operations;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** The operations on reservations, for the order service, from call to reply. */
final class ReservationOperations {
  private final Reservations reservations;
  private final Live<ProductsConfig> config;

  ReservationOperations(Reservations reservations, Live<ProductsConfig> config) {
    this.reservations = reservations;
    this.config = config;
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
        .reserve(canonical(call.body().getString("order_id")), items, hold(call))
        .map(ReservationOperations::reply);
  }

  /** As long as the order asks for, within what is configured here. */
  private Duration hold(Call call) {
    ProductsConfig now = config.get();
    Long seconds = call.body().getLong("hold_seconds");
    Duration wanted = seconds == null ? now.hold() : Duration.ofSeconds(seconds);
    return wanted.compareTo(now.maxHold()) > 0 ? now.maxHold() : wanted;
  }

  private Future<Reply> commit(Call call) {
    return reservations.commit(canonical(call.path("order_id"))).map(ReservationOperations::reply);
  }

  private Future<Reply> release(Call call) {
    return reservations.release(canonical(call.path("order_id"))).map(ReservationOperations::reply);
  }

  private static Reply reply(Reservation reservation) {
    return Reply.ok(json(reservation));
  }

  static JsonObject json(Reservation reservation) {
    List<JsonObject> items =
        reservation.items().stream()
            .map(
                item ->
                    new JsonObject()
                        .put("product_id", item.productId())
                        .put("quantity", item.quantity()))
            .toList();
    return new JsonObject()
        .put("order_id", reservation.orderId())
        .put("status", reservation.status().text())
        .put("items", new JsonArray(items))
        .put("expires_at", String.valueOf(reservation.expiresAt()));
  }
}
