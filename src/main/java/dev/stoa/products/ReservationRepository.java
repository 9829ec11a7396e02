package dev.stoa.products;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.products.Reservation.Item;
import dev.stoa.products.Reservation.Status;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reservations in the database. */
final class ReservationRepository implements ReservationBooks {
  private final Database database;
  private final InstantSource clock;

  ReservationRepository(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public <T> Future<T> transaction(Function<Page, Future<T>> work) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    return database.guarded(sql -> work.apply(new SqlPage(sql, now)));
  }

  @Override
  public Future<List<String>> lapsed(Instant now, int limit) {
    return database
        .read(
            """
            SELECT order_id FROM reservations WHERE status = 'held' AND expires_at <= $1
            ORDER BY expires_at LIMIT $2""",
            now,
            limit)
        .map(rows -> rows.map(row -> row.text("order_id")));
  }

  /** Reservations whose order is in {@code (after, until]}, by order. */
  Future<List<Reservation>> between(String after, String until, int limit) {
    return database
        .read(
            """
            SELECT * FROM reservations WHERE order_id > $1 AND order_id <= $2
            ORDER BY order_id LIMIT $3""",
            after,
            until,
            limit)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : database
                        .read(
                            """
                            SELECT * FROM reservation_items WHERE order_id > $1 AND order_id <= $2
                            ORDER BY order_id, product_id""",
                            after,
                            found.rows().get(found.rows().size() - 1).text("order_id"))
                        .map(
                            items ->
                                items.rows().stream()
                                    .collect(
                                        Collectors.groupingBy(
                                            row -> row.text("order_id"),
                                            Collectors.mapping(
                                                ReservationRepository::item, Collectors.toList()))))
                        .map(
                            items ->
                                found.map(
                                    row ->
                                        reservation(
                                            row,
                                            items.getOrDefault(row.text("order_id"), List.of())))));
  }

  private static Reservation reservation(Row row, List<Item> items) {
    String because = row.text("because");
    return new Reservation(
        row.text("order_id"),
        Status.of(because == null ? row.text("status") : because),
        items,
        row.instant("expires_at"));
  }

  private static Item item(Row row) {
    return new Item(row.text("product_id"), row.number("quantity"));
  }

  private record SqlPage(Sql sql, Instant now) implements Page {

    // An update that changes nothing: the one way to lock a row that both engines have.
    @Override
    public Future<Optional<Reservation>> find(String orderId) {
      Future<Rows> mine =
          sql.run(
              "UPDATE reservations SET updated_at = updated_at WHERE order_id = $1 RETURNING *",
              orderId);
      Future<Rows> items =
          sql.run(
              """
              SELECT product_id, quantity FROM reservation_items
              WHERE order_id = $1 ORDER BY product_id""",
              orderId);
      return Future.join(mine, items)
          .map(
              both ->
                  mine.result()
                      .first(
                          row ->
                              reservation(row, items.result().map(ReservationRepository::item))));
    }

    @Override
    public Future<Boolean> open(Reservation reservation) {
      return sql.run(
              """
              INSERT INTO reservations
                (order_id, status, because, created_at, updated_at, expires_at)
              VALUES ($1, $2, $3, $4, $4, $5)
              ON CONFLICT (order_id) DO NOTHING""",
              reservation.orderId(),
              stored(reservation.status()),
              because(reservation.status()),
              now,
              reservation.expiresAt())
          .map(rows -> rows.changed() == 1);
    }

    // After the stock has moved: what an item refers to is a product, whose row is ours by then.
    @Override
    public Future<Reservation> list(Reservation reservation) {
      Parameters given = new Parameters();
      List<List<?>> rows = new ArrayList<>();
      for (Item item : reservation.items()) {
        rows.add(List.of(reservation.orderId(), item.productId(), item.quantity()));
      }
      return sql.run(
              "INSERT INTO reservation_items (order_id, product_id, quantity) VALUES "
                  + given.addRows(rows),
              given.values())
          .map(reservation);
    }

    @Override
    public Future<Reservation> mark(Reservation reservation) {
      return sql.run(
              """
              UPDATE reservations SET status = $2, because = $3, updated_at = $4
              WHERE order_id = $1""",
              reservation.orderId(),
              stored(reservation.status()),
              because(reservation.status()),
              now)
          .map(reservation);
    }

    @Override
    public Future<Boolean> move(Movement kind, Item item, String orderId) {
      String cause = "order:" + orderId;
      return StockLedger.move(sql, item.productId(), kind, item.quantity(), cause, now)
          .map(Optional::isPresent);
    }

    @Override
    public Future<Optional<Long>> left(String productId) {
      return ProductRepository.find(sql, productId).map(found -> found.map(Product::stock));
    }

    private static boolean hasReason(Status status) {
      return status == Status.EXPIRED || status == Status.REFUSED;
    }

    private static String stored(Status status) {
      return hasReason(status) ? Status.RELEASED.text() : status.text();
    }

    private static String because(Status status) {
      return hasReason(status) ? status.text() : null;
    }
  }
}
