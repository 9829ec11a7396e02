package dev.stoa.drill;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What customers were told: the orders placed and the orders paid. Safe on any thread. */
final class Ledger {
  private final List<String> orders = new ArrayList<>();
  private final Set<String> paid = new HashSet<>();

  synchronized void ordered(String order) {
    orders.add(order);
  }

  synchronized void paid(String order) {
    paid.add(order);
  }

  synchronized List<String> orders() {
    return List.copyOf(orders);
  }

  synchronized Set<String> paidOrders() {
    return Set.copyOf(paid);
  }
}
