package dev.stoa.payments;

import dev.stoa.persistence.Violations;
import dev.stoa.service.Identity;
import dev.stoa.service.Money;
import dev.stoa.service.Sweep;
import dev.stoa.service.Work;
import dev.stoa.sim.Mutation;
import dev.stoa.sim.Node;
import dev.stoa.sim.World;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Payment-service and its provider in a simulated world: the real payments over stores in memory.
 */
public final class SimulatedPayments implements PaymentStore, RefundStore {
  private static final Identity ADMIN = new Identity("admin", "admin", Set.of(Identity.ADMIN));

  /** Order-service as payments sees it, over the simulated network. */
  public interface OrderPort {
    Future<View> get(String orderId);

    Future<Void> settle(String orderId, String paymentId, Money amount);

    Future<Void> cancel(String orderId);
  }

  public record View(String userId, String status, Money total) {}

  private final World world;
  private final Node node;
  private final Mutation mutation;
  private final Orders orders;
  private final SimulatedCharges provider;
  private final Map<String, Payment> payments = new TreeMap<>();
  private final Map<String, Instant> attendFrom = new TreeMap<>();
  private final Map<String, Entry> refunds = new TreeMap<>();
  private final Set<String> unwritten = new HashSet<>();
  private PayOrder payOrder;
  private RefundOrder refundOrder;
  private RefundPayment refundPayment;

  public SimulatedPayments(World world, Node node, Mutation mutation, OrderPort port) {
    this.world = world;
    this.node = node;
    this.mutation = mutation;
    this.provider = new SimulatedCharges(world, node, mutation, this::requireOneChargePerOrder);
    this.orders = new Port(port);
    start();
  }

  private record Port(OrderPort port) implements Orders {
    @Override
    public Future<OrderView> get(String orderId, String requestId) {
      return port.get(orderId)
          .map(view -> new OrderView(orderId, view.userId(), view.status(), view.total()));
    }

    @Override
    public Future<Void> settle(Payment payment, String requestId) {
      return port.settle(payment.orderId(), payment.id(), payment.amount());
    }

    @Override
    public Future<Void> cancel(String orderId, String requestId) {
      return port.cancel(orderId);
    }
  }

  /** The service starts, or starts again. */
  public void start() {
    unwritten.forEach(payments::remove);
    unwritten.forEach(attendFrom::remove);
    unwritten.clear();
    ConcludePayment concludePayment = new ConcludePayment(this, provider, orders, world);
    payOrder = new PayOrder(this, orders, concludePayment, world);
    GiveBack giveBack = new GiveBack(this, provider, world);
    refundOrder = new RefundOrder(this, this, concludePayment, giveBack);
    refundPayment = new RefundPayment(this, orders, giveBack);
    Sweep<Payment> sweep = PaymentSweep.of(this, concludePayment, giveBack, world, () -> "r");
    if (mutation != Mutation.NO_RESUME) {
      sweep.resume().onFailure(failure -> world.tell("payments: not all taken up"));
      world.every(node, 1_000, sweep::run);
    }
  }

  /** Pays in full: whether the payment was completed. */
  public Future<Boolean> pay(Work work, String orderId, String userId, Money amount) {
    PayOrder.Wish wish = new PayOrder.Wish(orderId, "card", amount.toJson(), null);
    return payOrder
        .pay(work, wish, userId, "r")
        .map(payment -> payment.status() == PaymentStatus.COMPLETED);
  }

  public Future<Void> refundOrder(String orderId, String key) {
    return refundOrder.refund(orderId, key, "r").mapEmpty();
  }

  /** An admin gives back a part of what was paid for an order, if it was paid. */
  public Future<Void> refundPart(Work work, String orderId, BigDecimal amount) {
    for (Payment payment : payments.values()) {
      if (payment.orderId().equals(orderId) && payment.status().isRefundable()) {
        return refundPayment.refund(work, payment.id(), Optional.of(amount), ADMIN, "r").mapEmpty();
      }
    }
    return Future.failedFuture("not paid");
  }

  public boolean isSettled() {
    return payments.values().stream()
        .allMatch(
            payment ->
                payment.status() != PaymentStatus.PENDING && payment.refunding().minorUnits() == 0);
  }

  /** What is kept of an order's payments, by our own books; they must be the provider's. */
  public long kept(String orderId) {
    long kept = 0;
    for (Payment payment : payments.values()) {
      if (payment.orderId().equals(orderId)) {
        long ours =
            payment.status() == PaymentStatus.FAILED
                ? 0
                : payment.amount().minorUnits() - payment.refunded().minorUnits();
        if (ours != provider.kept(payment.id())) {
          world.accuse(payment + " is " + provider.kept(payment.id()) + " to the provider");
        }
        kept += ours;
      }
    }
    return kept;
  }

  /** Whether that payment is this order's and was taken. */
  public boolean isPaidBy(String orderId, String paymentId) {
    return Optional.ofNullable(payments.get(paymentId))
        .filter(payment -> payment.orderId().equals(orderId))
        .filter(payment -> payment.status() != PaymentStatus.FAILED)
        .isPresent();
  }

  private void requireOneChargePerOrder() {
    Set<String> charged = new HashSet<>();
    for (Payment payment : payments.values()) {
      if (provider.kept(payment.id()) > 0 && !charged.add(payment.orderId())) {
        world.accuse(payment.orderId() + " is charged twice");
      }
    }
  }

  /** All money that the provider has and nobody knows of. */
  public void audit() {
    provider.keys().stream()
        .filter(key -> !payments.containsKey(key) && provider.kept(key) != 0)
        .forEach(key -> world.accuse("the provider has money for " + key + ", unknown to us"));
  }

  // --- the store

  @Override
  public Future<Payment> insert(Payment payment, Instant from) {
    return world.store(
        node,
        "payment",
        () -> {
          boolean taken =
              payments.values().stream()
                  .filter(other -> other.orderId().equals(payment.orderId()))
                  .anyMatch(
                      other ->
                          other.status() == PaymentStatus.PENDING || other.status().isRefundable());
          if (payments.containsKey(payment.id()) || taken && mutation != Mutation.TWO_PAYMENTS) {
            return Future.failedFuture(Violations.unique("one per order"));
          }
          payments.put(payment.id(), payment);
          attendFrom.put(payment.id(), from);
          if (mutation == Mutation.FORGET_PAYMENT) {
            unwritten.add(payment.id());
          }
          return Future.succeededFuture(payment);
        });
  }

  @Override
  public Future<Payment> get(String paymentId) {
    return world.store(
        node,
        "read",
        () -> {
          Payment found = payments.get(paymentId);
          return found == null
              ? Future.failedFuture(PaymentRepository.notFound(paymentId))
              : Future.succeededFuture(found);
        });
  }

  @Override
  public Future<List<Payment>> ofOrder(String orderId) {
    return world.store(
        node,
        "read",
        () -> {
          List<Payment> found = new ArrayList<>();
          payments.values().stream()
              .filter(payment -> payment.orderId().equals(orderId))
              .forEach(payment -> found.add(0, payment));
          return Future.succeededFuture(found);
        });
  }

  @Override
  public Future<List<Payment>> neglected(Instant now, int limit) {
    return Future.succeededFuture(
        attendFrom.entrySet().stream()
            .filter(entry -> !entry.getValue().isAfter(now))
            .map(entry -> payments.get(entry.getKey()))
            .limit(limit)
            .toList());
  }

  @Override
  public Future<List<Payment>> unfinished(String after, int limit) {
    return world.store(
        node,
        "read",
        () ->
            Future.succeededFuture(
                attendFrom.keySet().stream()
                    .filter(id -> id.compareTo(after) > 0)
                    .map(payments::get)
                    .limit(limit)
                    .toList()));
  }

  @Override
  public Future<Void> postpone(Payment payment, Instant until) {
    return world.store(
        node,
        "postponement",
        () -> {
          if (attendFrom.computeIfPresent(payment.id(), (id, from) -> until) != null) {
            Payment p = payments.get(payment.id());
            put(p, p.status(), p.refunded(), p.refunding(), p.attempts() + 1);
          }
          return Future.succeededFuture();
        });
  }

  @Override
  public Future<Payment> conclude(Payment payment, PaymentStatus status, Instant now) {
    return world.store(
        node,
        "payment " + status,
        () -> {
          Payment p = payments.get(payment.id());
          if (p.status() == PaymentStatus.PENDING && p.refunding().minorUnits() == 0) {
            unwritten.remove(p.id());
            attendFrom.remove(p.id());
            put(p, status, p.refunded(), p.refunding(), 0);
          }
          return Future.succeededFuture(payments.get(payment.id()));
        });
  }

  @Override
  public Future<Boolean> beginReturn(Payment payment) {
    return world.store(
        node,
        "return of payment",
        () -> {
          Payment p = payments.get(payment.id());
          boolean pending = p.status() == PaymentStatus.PENDING;
          if (pending) {
            put(p, p.status(), p.refunded(), p.amount(), p.attempts());
          }
          return Future.succeededFuture(pending);
        });
  }

  @Override
  public Future<Void> concludeReturned(Payment payment, Refund refund, Instant now) {
    return world.store(
        node,
        "payment returned",
        () -> {
          Payment p = payments.get(payment.id());
          if (p.status() == PaymentStatus.PENDING) {
            unwritten.remove(p.id());
            attendFrom.remove(p.id());
            put(p, PaymentStatus.REFUNDED, p.amount(), new Money(0, p.amount().currency()), 0);
            refunds.put(refund.id(), new Entry(refund, State.COMPLETED));
          }
          return Future.succeededFuture();
        });
  }

  private void put(Payment p, PaymentStatus status, Money refunded, Money refunding, int attempts) {
    world.tell("payments: " + p.id() + " of " + p.orderId() + " is " + status);
    payments.put(
        p.id(),
        new Payment(
            p.id(),
            p.orderId(),
            p.userId(),
            p.amount(),
            p.method(),
            p.createdAt(),
            status,
            refunded,
            refunding,
            attempts));
  }

  @Override
  public Future<Boolean> begin(Refund refund, long left, Instant now, Instant from) {
    return world.store(
        node,
        "refund",
        () -> {
          Payment p = payments.get(refund.paymentId());
          if (!p.status().isRefundable()
              || refund.amount().minorUnits() + left > p.rest().minorUnits()
              || refunds.containsKey(refund.id()) && mutation != Mutation.REFUND_FORGOTTEN) {
            return Future.succeededFuture(false);
          }
          refunds.put(refund.id(), new Entry(refund, State.PENDING));
          attendFrom.put(p.id(), from);
          put(p, p.status(), p.refunded(), p.refunding().plus(refund.amount()), p.attempts());
          return Future.succeededFuture(true);
        });
  }

  @Override
  public Future<Optional<Entry>> find(String refundId) {
    return world.store(
        node,
        "read",
        () ->
            Future.succeededFuture(
                Optional.ofNullable(refunds.get(refundId))
                    .filter(
                        entry ->
                            mutation != Mutation.REFUND_FORGOTTEN
                                || entry.state() != State.REFUSED)));
  }

  @Override
  public Future<List<Refund>> pending(Payment payment) {
    return world.store(
        node,
        "read",
        () ->
            Future.succeededFuture(
                refunds.values().stream()
                    .filter(entry -> entry.state() == State.PENDING)
                    .map(Entry::refund)
                    .filter(refund -> refund.paymentId().equals(payment.id()))
                    .toList()));
  }

  @Override
  public Future<Void> complete(Refund refund, Instant now) {
    return end(refund, State.COMPLETED);
  }

  @Override
  public Future<Void> refuse(Refund refund) {
    return end(refund, State.REFUSED);
  }

  private Future<Void> end(Refund refund, State state) {
    return world.store(
        node,
        "refund " + state,
        () -> {
          if (refunds.get(refund.id()).state() == State.PENDING) {
            refunds.put(refund.id(), new Entry(refund, state));
            Payment p = payments.get(refund.paymentId());
            Money refunded =
                state == State.COMPLETED ? p.refunded().plus(refund.amount()) : p.refunded();
            Money refunding =
                new Money(
                    p.refunding().minorUnits() - refund.amount().minorUnits(),
                    p.amount().currency());
            PaymentStatus status =
                refunded.equals(p.amount())
                    ? PaymentStatus.REFUNDED
                    : state == State.COMPLETED ? PaymentStatus.PARTIALLY_REFUNDED : p.status();
            put(p, status, refunded, refunding, 0);
            if (refunding.minorUnits() == 0) {
              attendFrom.remove(p.id());
            }
          }
          return Future.succeededFuture();
        });
  }
}
