package dev.stoa.products;

import dev.stoa.persistence.Row;
import dev.stoa.persistence.Sql;
import dev.stoa.products.Reservation.Item;
import dev.stoa.products.Reservation.Status;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The rows of reservations and the stock they move, inside the transaction of one use case. */
final class ReservationRepository {
  private final Sql sql;
  private final Instant now;

  ReservationRepository(Sql sql, Instant now) {
    this.sql = sql;
    this.now = now;
  }

  Future<Optional<Reservation>> find(String orderId) {
    return sql.run("SELECT status FROM reservations WHERE order_id = $1", orderId)
        .map(rows -> rows.first(row -> Status.of(row.text("status"))))
        .compose(
            status ->
                status.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : items(orderId)
                        .map(items -> Optional.of(new Reservation(orderId, status.get(), items))));
  }

  private Future<List<Item>> items(String orderId) {
    return sql.run(
            """
            SELECT product_id, quantity FROM reservation_items
            WHERE order_id = $1 ORDER BY product_id""",
            orderId)
        .map(rows -> rows.map(ReservationRepository::item));
  }

  private static Item item(Row row) {
    return new Item(row.text("product_id"), row.number("quantity"));
  }

  Future<Reservation> insert(Reservation reservation) {
    return sql.run(
            """
            INSERT INTO reservations (order_id, status, created_at, updated_at)
            VALUES ($1, $2, $3, $3)""",
            reservation.orderId(),
            reservation.status().text(),
            now)
        .compose(
            inserted -> inTurn(reservation.items(), item -> insert(reservation.orderId(), item)))
        .map(reservation);
  }

  private Future<Void> insert(String orderId, Item item) {
    return sql.run(
            "INSERT INTO reservation_items (order_id, product_id, quantity) VALUES ($1, $2, $3)",
            orderId,
            item.productId(),
            item.quantity())
        .mapEmpty();
  }

  Future<Reservation> mark(Reservation reservation, Status status) {
    return sql.run(
            "UPDATE reservations SET status = $2, updated_at = $3 WHERE order_id = $1",
            reservation.orderId(),
            status.text(),
            now)
        .map(new Reservation(reservation.orderId(), status, reservation.items()));
  }

  /** Takes an item off the stock; false, and nothing done, where there is not enough. */
  Future<Boolean> take(Item item) {
    return ProductRepository.take(sql, item.productId(), item.quantity(), now)
        .map(Optional::isPresent);
  }

  Future<Void> putBack(List<Item> items) {
    return inTurn(
        items, item -> ProductRepository.take(sql, item.productId(), -item.quantity(), now));
  }

  /** How many are left; empty where there is no such product. */
  Future<Optional<Long>> left(String productId) {
    return ProductRepository.find(sql, productId).map(found -> found.map(Product::stock));
  }

  /** Does something for each item, one after the other. */
  static Future<Void> inTurn(List<Item> items, Function<Item, Future<?>> work) {
    Future<Void> done = Future.succeededFuture();
    for (Item item : items) {
      done = done.compose(before -> work.apply(item).mapEmpty());
    }
    return done;
  }
}
