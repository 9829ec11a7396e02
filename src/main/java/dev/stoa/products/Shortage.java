package dev.stoa.products;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.products.Reservation.Item;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Collects the items that cannot be had, and says why. */
final class Shortage {
  private final List<Item> asGiven;
  private final TreeMap<Integer, FieldError> unknown = new TreeMap<>();
  private final TreeMap<Integer, FieldError> tooFew = new TreeMap<>();

  /** The items are named by their index in {@code asGiven}, the caller's order. */
  Shortage(List<Item> asGiven) {
    this.asGiven = asGiven;
  }

  void add(Item item, Optional<Long> left) {
    int index = asGiven.indexOf(item);
    if (left.isEmpty()) {
      unknown.put(index, new FieldError("items." + index + ".product_id", "is no product of ours"));
    } else {
      tooFew.put(
          index,
          new FieldError(
              "items." + index + ".quantity",
              "only " + left.get() + " left of product " + item.productId()));
    }
  }

  /** Fails if anything was added. */
  Future<Void> verdict() {
    if (!unknown.isEmpty()) {
      return refusal(ProblemType.UNKNOWN_PRODUCT, "Some products do not exist.", unknown);
    }
    if (!tooFew.isEmpty()) {
      return refusal(ProblemType.INSUFFICIENT_STOCK, "Some items are short.", tooFew);
    }
    return Future.succeededFuture();
  }

  private static Future<Void> refusal(
      ProblemType type, String detail, TreeMap<Integer, FieldError> errors) {
    return Future.failedFuture(
        new ProblemException(type, detail).withErrors(List.copyOf(errors.values())));
  }
}
