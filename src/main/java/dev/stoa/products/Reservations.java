package dev.stoa.products;

import dev.stoa.persistence.Database;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.products.Reservation.Item;
import dev.stoa.products.Reservation.Status;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * How orders take stock: {@code held → committed → released}, or {@code held → released}. Each step
 * is one transaction and may be repeated: the second time changes nothing and answers the same.
 * Stock is always moved in the order of product ids, so that two orders never wait for each other.
 */
final class Reservations {
  private static final Comparator<Item> BY_PRODUCT = Comparator.comparing(Item::productId);

  private final Database database;
  private final InstantSource clock;

  Reservations(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Takes all items off the stock, or none.
   *
   * @param items as the caller lists them; refusals name them by their index
   */
  Future<Reservation> reserve(String orderId, List<Item> items) {
    refuseRepeatedProducts(items);
    List<Item> sorted = items.stream().sorted(BY_PRODUCT).toList();
    return transaction(
        repository ->
            repository
                .find(orderId)
                .compose(
                    found ->
                        found.isPresent()
                            ? Future.succeededFuture(sameAgain(found.get(), sorted))
                            : takeAll(repository, sorted, items)
                                .compose(
                                    taken ->
                                        repository.insert(
                                            new Reservation(orderId, Status.HELD, sorted)))));
  }

  /** The stock is sold. */
  Future<Reservation> commit(String orderId) {
    return transaction(
        repository ->
            repository
                .find(orderId)
                .map(found -> found.orElseThrow(Reservations::notFound))
                .compose(
                    reservation ->
                        switch (reservation.status()) {
                          case HELD -> repository.mark(reservation, Status.COMMITTED);
                          case COMMITTED -> Future.succeededFuture(reservation);
                          case RELEASED -> throw released();
                        }));
  }

  /**
   * Puts the stock back, sold or not. An order that never reserved is noted as released: its
   * reserve may still be on the way.
   */
  Future<Reservation> release(String orderId) {
    return transaction(
        repository ->
            repository
                .find(orderId)
                .compose(
                    found ->
                        found
                            .map(reservation -> release(repository, reservation))
                            .orElseGet(
                                () ->
                                    repository.insert(
                                        new Reservation(orderId, Status.RELEASED, List.of())))));
  }

  private static Future<Reservation> release(
      ReservationRepository repository, Reservation reservation) {
    return reservation.status() == Status.RELEASED
        ? Future.succeededFuture(reservation)
        : repository
            .putBack(reservation.items())
            .compose(back -> repository.mark(reservation, Status.RELEASED));
  }

  private <T> Future<T> transaction(Function<ReservationRepository, Future<T>> work) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    return database.transaction(sql -> work.apply(new ReservationRepository(sql, now)));
  }

  private static Reservation sameAgain(Reservation there, List<Item> sorted) {
    if (there.status() == Status.RELEASED) {
      throw released();
    }
    if (!there.items().equals(sorted)) {
      throw new ProblemException(
          ProblemType.CONFLICT, "This order has reserved other items already.");
    }
    return there;
  }

  /** Goes through all items even after a refusal, so that the caller learns of each at fault. */
  private static Future<Void> takeAll(
      ReservationRepository repository, List<Item> sorted, List<Item> asGiven) {
    Shortage shortage = new Shortage(asGiven);
    return ReservationRepository.inTurn(sorted, item -> take(repository, item, shortage))
        .compose(all -> shortage.verdict());
  }

  private static Future<Void> take(ReservationRepository repository, Item item, Shortage shortage) {
    return repository
        .take(item)
        .compose(
            taken ->
                taken
                    ? Future.succeededFuture()
                    : repository
                        .left(item.productId())
                        .onSuccess(left -> shortage.add(item, left))
                        .mapEmpty());
  }

  private static void refuseRepeatedProducts(List<Item> items) {
    List<FieldError> errors = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      if (!seen.add(items.get(i).productId())) {
        errors.add(new FieldError("items." + i + ".product_id", "is listed twice"));
      }
    }
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND, "This order has reserved nothing.");
  }

  private static ProblemException released() {
    return new ProblemException(
        ProblemType.CONFLICT, "The reservation of this order was released.");
  }
}
