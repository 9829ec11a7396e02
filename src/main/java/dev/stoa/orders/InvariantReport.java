package dev.stoa.orders;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one round of the checker found. Built up while the round runs, on one thread; read-only once
 * it is handed out.
 */
final class InvariantReport {
  static final int MAX_LISTED = 100;

  /**
   * A promise that is broken.
   *
   * @param rule {@code stock} or {@code order}
   * @param subject {@code product:<id>} or {@code order:<id>}
   */
  record Violation(String rule, String subject, String detail) {}

  /** The money of the orders judged, in minor units of one currency. */
  static final class Sums {
    long payments;
    long refunds;
    long paidOrders;
    long partialRefunds;
  }

  /** The stock of all products. */
  static final class Stock {
    long products;
    long received;
    long available;
    long reserved;
    long sold;
  }

  final Instant startedAt;
  final Stock stock = new Stock();
  final Map<String, Sums> money = new TreeMap<>();
  private final List<Violation> violations = new ArrayList<>();
  Instant endedAt;
  long judged;
  long unsettled;
  long unfinishedSagas;
  long needingAttention;
  long violated;
  // The last order looked at where time ran out; null where the round went through all.
  String stoppedAfter;

  InvariantReport(Instant startedAt) {
    this.startedAt = startedAt;
  }

  void add(Violation violation) {
    violated++;
    if (violations.size() < MAX_LISTED) {
      violations.add(violation);
    }
  }

  boolean ok() {
    return violated == 0;
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }

  InvariantSnapshot snapshot() {
    return new InvariantSnapshot(endedAt, violated, unsettled, unfinishedSagas, needingAttention);
  }

  void count(Order order, List<PaymentView> payments) {
    judged++;
    Sums sums = money.computeIfAbsent(order.total().currency(), currency -> new Sums());
    for (PaymentView payment : payments) {
      if (payment.taken()) {
        sums.payments += payment.amount().minorUnits();
        sums.refunds += payment.refunded().minorUnits();
        sums.partialRefunds += order.isPaid() ? payment.refunded().minorUnits() : 0;
      }
    }
    sums.paidOrders += order.isPaid() ? order.total().minorUnits() : 0;
  }
}
