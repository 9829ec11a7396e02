package dev.stoa.products;

import static dev.stoa.products.ProductOperations.canonical;

import dev.stoa.service.Call;
import dev.stoa.service.Operations;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What the checker of invariants asks this service. */
final class AuditOperations {
  private static final int MAX_RESERVATIONS = 1000;
  private static final int MAX_PRODUCTS = 200;

  private final StockAudit stock;
  private final ReservationRepository reservations;

  AuditOperations(StockAudit stock, ReservationRepository reservations) {
    this.stock = stock;
    this.reservations = reservations;
  }

  Operations addTo(Operations operations) {
    return operations
        .on("auditStock", this::auditStock)
        .on("auditReservations", this::auditReservations);
  }

  private Future<Reply> auditStock(Call call) {
    return stock
        .page(call.query("after").map(ProductOperations::canonical).orElse(""), MAX_PRODUCTS)
        .map(
            found -> {
              JsonArray items = new JsonArray();
              found.forEach(books -> items.add(json(books)));
              return Reply.ok(
                  new JsonObject().put("items", items).put("more", found.size() == MAX_PRODUCTS));
            });
  }

  private static JsonObject json(StockAudit.Books books) {
    return new JsonObject()
        .put("product_id", books.productId())
        .put("received", books.received())
        .put("available", books.available())
        .put("reserved", books.reserved())
        .put("sold", books.sold())
        .put("fault", books.fault());
  }

  private Future<Reply> auditReservations(Call call) {
    String after = call.query("after").map(ProductOperations::canonical).orElse("");
    String until = canonical(call.query("until").orElseThrow());
    return reservations
        .between(after, until, MAX_RESERVATIONS)
        .map(
            found -> {
              JsonArray items = new JsonArray();
              found.forEach(reservation -> items.add(ReservationOperations.json(reservation)));
              return Reply.ok(
                  new JsonObject()
                      .put("items", items)
                      .put("more", found.size() == MAX_RESERVATIONS));
            });
  }
}
