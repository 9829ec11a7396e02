package dev.stoa.products;

import dev.stoa.products.Reservation.Item;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where reservations and the stock they move are kept. */
interface ReservationBooks {

  /** What can be done inside one transaction. */
  interface Page {
    /** That of an order, which is nobody else's to change until the transaction ends. */
    Future<Optional<Reservation>> find(String orderId);

    /**
     * Writes a new one, without its items; false, and nothing done, where its order has one. To be
     * asked before anything else is written, for the same reason as {@link #find}.
     */
    Future<Boolean> open(Reservation reservation);

    /** Writes the items of a new one. */
    Future<Reservation> list(Reservation reservation);

    /** Writes the status that a reservation has now. */
    Future<Reservation> mark(Reservation reservation);

    /** Moves an item of an order; false, and nothing done, where there is not enough. */
    Future<Boolean> move(Movement kind, Item item, String orderId);

    /** How many are left; empty where there is no such product. */
    Future<Optional<Long>> left(String productId);
  }

  /** All that {@code work} does, or nothing where it fails; one at a time for each order. */
  <T> Future<T> transaction(Function<Page, Future<T>> work);

  /** Orders whose held reservation has lapsed, the longest ago first. */
  Future<List<String>> lapsed(Instant now, int limit);
}
