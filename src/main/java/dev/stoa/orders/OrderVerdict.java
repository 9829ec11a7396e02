package dev.stoa.orders;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether an order, its reservation and its payments agree: an open order holds its stock, a paid
 * one has sold it and keeps its money, a cancelled one has given back both. What is still on its
 * way is not judged.
 *
 * @param settled false while a step is under way, so that nothing can be said
 * @param faults what does not agree, for people
 */
record OrderVerdict(boolean settled, List<String> faults) {
  OrderVerdict {
    faults = List.copyOf(faults);
  }

  static OrderVerdict of(
      Order order, Optional<ReservationView> reservation, List<PaymentView> payments, Instant now) {
    boolean waits = order.owes(Duty.Kind.EXPIRE) && now.isBefore(order.expiresAt());
    boolean settled =
        (order.progress().duty().isEmpty() || waits)
            && payments.stream().allMatch(PaymentView::settled);
    if (!settled) {
      return new OrderVerdict(false, List.of());
    }
    List<String> faults = new ArrayList<>();
    judgeStock(order, reservation).ifPresent(faults::add);
    judgeMoney(order, payments).ifPresent(faults::add);
    payments.forEach(payment -> payment.fault().ifPresent(faults::add));
    return new OrderVerdict(true, faults);
  }

  /** What stands there of an order that is not there. */
  static OrderVerdict ofNone(Optional<ReservationView> reservation, List<PaymentView> payments) {
    List<String> faults = new ArrayList<>();
    reservation
        .filter(ReservationView::takesStock)
        .ifPresent(view -> faults.add("there is no such order, but stock is " + view.status()));
    if (payments.stream().anyMatch(payment -> payment.kept() != 0)) {
      faults.add("there is no such order, but its money is kept");
    }
    return new OrderVerdict(true, faults);
  }

  private static Optional<String> judgeStock(Order order, Optional<ReservationView> reservation) {
    String found = reservation.map(ReservationView::status).orElse("none");
    String due =
        switch (order.status()) {
          case PENDING, RESERVED -> "held";
          case PAID, SHIPPED, DELIVERED -> "committed";
          case CANCELLED -> "none";
        };
    boolean takes = reservation.filter(ReservationView::takesStock).isPresent();
    if (due.equals("none") ? takes : !due.equals(found)) {
      return Optional.of(
          "the order is " + order.status().text() + ", but its reservation is " + found);
    }
    Map<String, Long> items = new TreeMap<>();
    order.items().forEach(item -> items.put(item.productId(), item.quantity()));
    return takes && !items.equals(reservation.get().items())
        ? Optional.of("the reservation is of other items than the order")
        : Optional.empty();
  }

  private static Optional<String> judgeMoney(Order order, List<PaymentView> payments) {
    long kept = payments.stream().mapToLong(PaymentView::kept).sum();
    if (!order.isPaid()) {
      return kept == 0
          ? Optional.empty()
          : Optional.of(
              "the order is " + order.status().text() + ", but " + kept + " minor units are kept");
    }
    Optional<PaymentView> own =
        payments.stream()
            .filter(
                payment -> order.progress().paymentId().filter(payment.id()::equals).isPresent())
            .findFirst();
    if (own.isEmpty() || !own.get().taken() || !own.get().amount().equals(order.total())) {
      return Optional.of(
          "the order is " + order.status().text() + ", but no payment of its total is there");
    }
    if (own.get().kept() != kept) {
      return Optional.of("the order is paid more than once");
    }
    return order.status() == OrderStatus.PAID && kept == 0 && order.total().minorUnits() > 0
        ? Optional.of("the order is paid, but its money was given back")
        : Optional.empty();
  }
}
