package dev.stoa.products;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.products.Reservation.Item;
import dev.stoa.products.Reservation.Status;
import dev.stoa.products.ReservationBooks.Page;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How orders take stock: {@code held → committed → released}, {@code held → released}, or {@code
 * held → expired}. Each step is one transaction and may be repeated: the second time changes
 * nothing and answers the same. Each begins by writing to the order's own row, so that there is one
 * at a time for an order whatever others do, and goes on to the products in the order of their ids,
 * so that two orders never wait for each other.
 *
 * <p>This service alone decides whether stock is held: a hold that has lapsed is gone, whatever the
 * order believes, and is sold to its order only if it can be taken once more.
 */
final class Reservations {
  private static final Comparator<Item> BY_PRODUCT = Comparator.comparing(Item::productId);

  private final ReservationBooks books;
  private final InstantSource clock;

  Reservations(ReservationBooks books, InstantSource clock) {
    this.books = books;
    this.clock = clock;
  }

  /**
   * Takes all items off the stock, or none.
   *
   * @param items as the caller lists them; refusals name them by their index
   * @param hold how long it is kept unless it is committed
   */
  Future<Reservation> reserve(String orderId, List<Item> items, Duration hold) {
    refuseRepeatedProducts(items);
    List<Item> sorted = items.stream().sorted(BY_PRODUCT).toList();
    Instant now = Instant.ofEpochMilli(clock.millis());
    Reservation held = new Reservation(orderId, Status.HELD, sorted, now.plus(hold));
    return books
        .transaction(
            page ->
                page.open(held)
                    .compose(
                        opened ->
                            opened
                                ? takeAll(page, held, items).compose(all -> page.list(held))
                                : page.find(orderId)
                                    .map(found -> sameAgain(found.orElseThrow(), sorted))))
        .recover(failure -> isShortage(failure) ? refuse(held, failure) : failed(failure));
  }

  // A refusal is kept: the same request, arriving once more and late, must not take anything for
  // an order that has been told no.
  private Future<Reservation> refuse(Reservation wanted, Throwable refusal) {
    Reservation refused =
        new Reservation(wanted.orderId(), Status.REFUSED, List.of(), wanted.expiresAt());
    return books
        .transaction(
            page ->
                page.open(refused)
                    .compose(
                        opened ->
                            opened
                                ? Future.succeededFuture(refused)
                                : page.find(wanted.orderId()).map(Optional::orElseThrow)))
        .compose(
            kept -> kept.status() == Status.HELD ? Future.succeededFuture(kept) : failed(refusal));
  }

  /** The stock is sold. */
  Future<Reservation> commit(String orderId) {
    return books.transaction(
        page ->
            page.find(orderId)
                .map(found -> found.orElseThrow(Reservations::notFound))
                .compose(
                    reservation ->
                        switch (reservation.status()) {
                          case HELD -> sell(page, reservation);
                          case EXPIRED ->
                              takeAll(page, reservation, reservation.items())
                                  .compose(all -> sell(page, reservation));
                          case COMMITTED -> Future.succeededFuture(reservation);
                          case RELEASED, REFUSED -> throw released();
                        }));
  }

  private static Future<Reservation> sell(Page page, Reservation reservation) {
    return moveAll(page, reservation, Movement.SOLD, Status.COMMITTED);
  }

  /**
   * Puts the stock back, sold or not. An order that never reserved is noted as released: its
   * reserve may still be on the way.
   */
  Future<Reservation> release(String orderId) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    Reservation none = new Reservation(orderId, Status.RELEASED, List.of(), now);
    return books.transaction(
        page ->
            page.open(none)
                .compose(
                    opened ->
                        opened
                            ? Future.succeededFuture(none)
                            : page.find(orderId)
                                .compose(found -> release(page, found.orElseThrow()))));
  }

  private static Future<Reservation> release(Page page, Reservation reservation) {
    return switch (reservation.status()) {
      case HELD -> moveAll(page, reservation, Movement.RELEASED, Status.RELEASED);
      case COMMITTED -> moveAll(page, reservation, Movement.RETURNED, Status.RELEASED);
      case EXPIRED, REFUSED -> page.mark(reservation.become(Status.RELEASED));
      case RELEASED -> Future.succeededFuture(reservation);
    };
  }

  /** Puts back what was held for too long: so many reservations at most, one after the other. */
  Future<Void> expire(int limit) {
    return books
        .lapsed(clock.instant(), limit)
        .compose(lapsed -> inTurn(lapsed, orderId -> books.transaction(p -> lapse(p, orderId))));
  }

  private Future<Void> lapse(Page page, String orderId) {
    return page.find(orderId)
        .compose(
            found ->
                found.filter(reservation -> reservation.hasLapsed(clock.instant())).isEmpty()
                    ? Future.succeededFuture()
                    : moveAll(page, found.get(), Movement.EXPIRED, Status.EXPIRED).mapEmpty());
  }

  private static Future<Reservation> moveAll(
      Page page, Reservation reservation, Movement kind, Status next) {
    return each(
            reservation.items(),
            item -> page.move(kind, item, reservation.orderId()).map(Reservations::requireMoved))
        .compose(moved -> page.mark(reservation.become(next)));
  }

  private static boolean requireMoved(boolean moved) {
    if (!moved) {
      throw new IllegalStateException("the books of stock do not add up");
    }
    return true;
  }

  private static Reservation sameAgain(Reservation there, List<Item> sorted) {
    if (there.status() == Status.REFUSED) {
      throw new ProblemException(
          ProblemType.INSUFFICIENT_STOCK, "This order was refused: there was not enough.");
    }
    if (there.status() != Status.HELD && there.status() != Status.COMMITTED) {
      throw released();
    }
    if (!there.items().equals(sorted)) {
      throw new ProblemException(
          ProblemType.CONFLICT, "This order has reserved other items already.");
    }
    return there;
  }

  /** Goes through all items even after a refusal, so that the caller learns of each at fault. */
  private static Future<Void> takeAll(Page page, Reservation wanted, List<Item> asGiven) {
    Shortage shortage = new Shortage(asGiven);
    return each(wanted.items(), item -> take(page, item, wanted.orderId(), shortage))
        .compose(all -> shortage.verdict());
  }

  private static Future<Void> take(Page page, Item item, String orderId, Shortage shortage) {
    return page.move(Movement.RESERVED, item, orderId)
        .compose(
            taken ->
                taken
                    ? Future.succeededFuture()
                    : page.left(item.productId())
                        .onSuccess(left -> shortage.add(item, left))
                        .mapEmpty());
  }

  /** Asked for all at once, and so done in this order. */
  private static Future<Void> each(List<Item> items, Function<Item, Future<?>> work) {
    return Future.join(items.stream().<Future<?>>map(work).toList()).mapEmpty();
  }

  private static <T> Future<Void> inTurn(List<T> things, Function<T, Future<?>> work) {
    Future<Void> done = Future.succeededFuture();
    for (T thing : things) {
      done = done.compose(before -> work.apply(thing).mapEmpty());
    }
    return done;
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

  private static boolean isShortage(Throwable failure) {
    return failure instanceof ProblemException problem
        && (problem.type() == ProblemType.INSUFFICIENT_STOCK
            || problem.type() == ProblemType.UNKNOWN_PRODUCT);
  }

  private static <T> Future<T> failed(Throwable failure) {
    return Future.failedFuture(failure);
  }

  private static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND, "This order has reserved nothing.");
  }

  private static ProblemException released() {
    return new ProblemException(
        ProblemType.CONFLICT, "The reservation of this order was released.");
  }
}
