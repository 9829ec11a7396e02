package dev.stoa.orders;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What the three services say of a range of orders. Built up on one thread. */
final class Evidence {
  private final Map<String, Order> orders = new HashMap<>();
  private final Map<String, ReservationView> reservations = new HashMap<>();
  private final Map<String, List<PaymentView>> payments = new HashMap<>();

  Evidence(List<Order> orders) {
    orders.forEach(order -> this.orders.put(order.id(), order));
  }

  void add(ReservationView reservation) {
    reservations.put(reservation.orderId(), reservation);
  }

  void add(PaymentView payment) {
    payments.computeIfAbsent(payment.orderId(), id -> new ArrayList<>()).add(payment);
  }

  Optional<Order> order(String orderId) {
    return Optional.ofNullable(orders.get(orderId));
  }

  List<PaymentView> payments(String orderId) {
    return payments.getOrDefault(orderId, List.of());
  }

  /** Judges each order of which anybody knows, in the order of their ids. */
  void verdicts(Instant now, BiConsumer<String, OrderVerdict> each) {
    Set<String> known = new TreeSet<>(orders.keySet());
    known.addAll(reservations.keySet());
    known.addAll(payments.keySet());
    known.forEach(orderId -> each.accept(orderId, verdict(orderId, now)));
  }

  private OrderVerdict verdict(String orderId, Instant now) {
    Optional<ReservationView> reservation = Optional.ofNullable(reservations.get(orderId));
    return order(orderId)
        .map(order -> OrderVerdict.of(order, reservation, payments(orderId), now))
        .orElseGet(() -> OrderVerdict.ofNone(reservation, payments(orderId)));
  }
}
