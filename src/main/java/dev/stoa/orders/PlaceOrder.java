package dev.stoa.orders;

import dev.stoa.config.Live;
import dev.stoa.orders.ProductsClient.Offer;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.Work;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Checks and prices what a user wants to buy, and starts the order. */
final class PlaceOrder {

  /** How much of a product is wanted. */
  record Line(String productId, long quantity) {}

  private final UsersClient users;
  private final ProductsClient products;
  private final OrderFlow flow;
  private final Live<OrdersConfig> config;
  private final InstantSource clock;

  PlaceOrder(
      UsersClient users,
      ProductsClient products,
      OrderFlow flow,
      Live<OrdersConfig> config,
      InstantSource clock) {
    this.users = users;
    this.products = products;
    this.flow = flow;
    this.config = config;
    this.clock = clock;
  }

  /** The order, reserved; the one that an earlier attempt at the same work has placed, if any. */
  Future<Order> place(Work work, String userId, List<Line> basket, Cause cause) {
    requireDistinct(basket);
    Future<Optional<Order>> placed =
        work.again() ? flow.placeAgain(work.id(), cause) : Future.succeededFuture(Optional.empty());
    return placed.compose(
        order ->
            order
                .map(Future::succeededFuture)
                .orElseGet(() -> placeNew(work.id(), userId, basket, cause)));
  }

  private Future<Order> placeNew(String id, String userId, List<Line> basket, Cause cause) {
    return users
        .requireExisting(userId, cause.requestId())
        .compose(
            exists ->
                products.lookup(basket.stream().map(Line::productId).toList(), cause.requestId()))
        .compose(offers -> flow.place(draft(id, userId, basket, offers), cause));
  }

  private Order draft(String id, String userId, List<Line> basket, Map<String, Offer> offers) {
    require(
        basket,
        line -> offers.containsKey(line.productId()) ? null : "is no product that is sold here",
        "product_id",
        new ProblemException(ProblemType.UNKNOWN_PRODUCT, "Not all products are known."));
    String currency = offers.get(basket.get(0).productId()).price().currency();
    require(
        basket,
        line -> {
          String other = offers.get(line.productId()).price().currency();
          return other.equals(currency) ? null : "is sold in " + other + ", not in " + currency;
        },
        "product_id",
        new ProblemException(ProblemType.UNPROCESSABLE, "An order has one currency."));
    require(
        basket,
        line -> {
          long stock = offers.get(line.productId()).stock();
          return line.quantity() <= stock ? null : "only " + stock + " in stock";
        },
        "quantity",
        new ProblemException(ProblemType.INSUFFICIENT_STOCK, "Not enough in stock."));
    List<OrderItem> items =
        basket.stream().map(line -> item(line, offers.get(line.productId()))).toList();
    Money total =
        items.stream().map(OrderItem::lineTotal).reduce(new Money(0, currency), Money::plus);
    Instant now = Instant.ofEpochMilli(clock.millis());
    Instant expiry = now.plus(config.get().hold());
    Progress progress = new Progress(OrderStatus.PENDING, Optional.empty(), Optional.empty(), 0);
    return new Order(id, userId, items, total, now, expiry, progress);
  }

  private static OrderItem item(Line line, Offer offer) {
    return new OrderItem(line.productId(), offer.name(), line.quantity(), offer.price());
  }

  private static void requireDistinct(List<Line> basket) {
    Set<String> seen = new HashSet<>();
    require(
        basket,
        line -> seen.add(line.productId()) ? null : "is in the order already",
        "product_id",
        new ProblemException(ProblemType.INVALID_INPUT, "Each product can be ordered once."));
  }

  // Refuses with that problem, naming the field of each line that has something wrong with it.
  private static void require(
      List<Line> basket, Function<Line, String> wrong, String field, ProblemException problem) {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < basket.size(); i++) {
      String reason = wrong.apply(basket.get(i));
      if (reason != null) {
        errors.add(new FieldError("items." + i + "." + field, reason));
      }
    }
    if (!errors.isEmpty()) {
      throw problem.withErrors(errors);
    }
  }
}
