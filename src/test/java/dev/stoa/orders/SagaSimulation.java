package dev.stoa.orders;

import dev.stoa.payments.SimulatedPayments;
import dev.stoa.payments.SimulatedPayments.OrderPort;
import dev.stoa.payments.SimulatedPayments.View;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.products.SimulatedProducts;
import dev.stoa.service.Money;
import dev.stoa.service.Sweep;
import dev.stoa.service.Work;
import dev.stoa.sim.Mutation;
import dev.stoa.sim.Node;
import dev.stoa.sim.World;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One life of a small shop, decided by a seed: some customers order, pay, pay twice, cancel; an
 * admin ships, gives back, resumes and calls off; requests and replies get lost, doubled and late,
 * disks fail before and after a write, and the services crash between any two steps and start
 * again. Then it gets calm, and everything must come to its end with the promises kept. All that
 * decides is the real code of the three services; stores, network, provider and time are simulated.
 */
final class SagaSimulation {
  private static final int CALM = 40_000;
  private static final int END = 400_000;
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofSeconds(10);
  private static final SagaConfig CONFIG =
      new SagaConfig(4, Duration.ofMillis(500), Duration.ofSeconds(5));
  private static final Cause CAUSE = new Cause("customer:ann", "r");
  private static final String ANN = "ann";

  private final World world;
  private final Mutation mutation;
  private final Node ordersNode = new Node("orders");
  private final Node productsNode = new Node("products");
  private final Node paymentsNode = new Node("payments");
  private final Node people = new Node("people");
  private final SimulatedOrders store;
  private final SimulatedProducts products;
  private final SimulatedPayments payments;
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> paid = new HashSet<>();
  private final Set<String> calledOff = new HashSet<>();
  private final Map<String, Set<String>> partRefunds = new TreeMap<>();
  private final int crashes;
  private int crashed;
  private int works;
  private OrderFlow flow;

  /**
   * A life that has not begun.
   *
   * @param mutation a mistake to make all along; null for none
   * @param telling whether to keep the history
   */
  SagaSimulation(long seed, Mutation mutation, boolean telling) {
    this.world = new World(seed, telling);
    this.mutation = mutation;
    Map<String, Long> received = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      received.put("product-" + i, 1L + world.pick(5));
    }
    this.store = new SimulatedOrders(world, ordersNode, mutation);
    this.products =
        new SimulatedProducts(world, productsNode, mutation, received, this::judgeExpiry);
    this.payments = new SimulatedPayments(world, paymentsNode, mutation, new Port());
    this.crashes = world.pick(5);
    startOrders();
    int orders = 1 + world.pick(5);
    for (int i = 0; i < orders; i++) {
      String id = "order-" + i;
      world.after(people, world.pick(8_000), () -> order(id));
    }
    world.every(people, 5_000, this::operate);
  }

  /** Lives it; the promise that was broken, or empty. */
  Optional<String> run() {
    while (world.violation() == null && world.time() < END && world.step()) {
      if (!world.isCalm()) {
        chaos();
      } else if (world.waiting() == 0 && isSettled()) {
        judge();
        return Optional.ofNullable(world.violation());
      }
    }
    if (world.violation() == null) {
      world.accuse("not everything has come to its end: " + store.rows().values());
    }
    return Optional.of(world.violation());
  }

  List<String> history() {
    return world.history();
  }

  // --- what goes wrong

  private void chaos() {
    if (world.time() >= CALM) {
      world.calmDown();
      return;
    }
    if (crashed < crashes && world.chance(0.01)) {
      crashed++;
      switch (world.pick(4)) {
        case 0 -> crash(ordersNode);
        case 1 -> crash(productsNode);
        case 2 -> crash(paymentsNode);
        default -> {
          crash(ordersNode);
          crash(productsNode);
          crash(paymentsNode);
        }
      }
    }
  }

  private void crash(Node node) {
    if (!node.isUp()) {
      return;
    }
    world.crash(node);
    world.after(
        people,
        1 + world.pick(3_000),
        () -> {
          world.start(node);
          if (node == ordersNode) {
            store.forget();
            startOrders();
          } else if (node == productsNode) {
            products.start();
          } else {
            payments.start();
          }
        });
  }

  private void startOrders() {
    OrderSaga saga = new OrderSaga(() -> CONFIG);
    flow = new OrderFlow(store, this::step, saga, world);
    Sweep<Order> sweep = OrderSweep.of(store, flow, world, () -> "sweep");
    if (mutation != Mutation.NO_RESUME) {
      sweep.resume().onFailure(failure -> world.tell("orders: not all taken up"));
      world.every(ordersNode, 1_000, sweep::run);
    }
  }

  // --- the steps, over the network

  private Future<Void> step(Duty.Kind step, Order order, String key, String requestId) {
    boolean skipped =
        mutation == Mutation.SKIP_RELEASE && step == Duty.Kind.RELEASE
            || mutation == Mutation.SKIP_REFUND && step == Duty.Kind.REFUND
            || mutation == Mutation.SKIP_COMMIT && step == Duty.Kind.COMMIT;
    if (skipped) {
      return Future.succeededFuture();
    }
    String what = step.text() + " " + order.id();
    Future<Void> done =
        switch (step) {
          case RESERVE ->
              world.call(
                  ordersNode,
                  productsNode,
                  what,
                  () -> products.reserve(order.id(), items(order), HOLD.plus(MARGIN)));
          case COMMIT ->
              world.call(ordersNode, productsNode, what, () -> products.commit(order.id()));
          case RELEASE ->
              world.call(ordersNode, productsNode, what, () -> products.release(order.id()));
          case REFUND ->
              world.call(
                  ordersNode, paymentsNode, what, () -> payments.refundOrder(order.id(), key));
          case EXPIRE -> throw new IllegalArgumentException();
        };
    return done.recover(this::mistaken);
  }

  private Future<Void> mistaken(Throwable failure) {
    if (StepOutcome.of(failure).phase() == SagaNote.Phase.UNKNOWN) {
      if (mutation == Mutation.UNKNOWN_AS_DONE) {
        return Future.succeededFuture();
      }
      if (mutation == Mutation.UNKNOWN_AS_REFUSED) {
        return Future.failedFuture(new ProblemException(ProblemType.CONFLICT, "no"));
      }
    }
    return Future.failedFuture(failure);
  }

  private final class Port implements OrderPort {
    @Override
    public Future<View> get(String orderId) {
      return ask(
          "get " + orderId,
          () ->
              store
                  .get(orderId)
                  .compose(order -> flow.current(order, CAUSE))
                  .map(order -> new View(order.userId(), order.status().text(), order.total())));
    }

    @Override
    public Future<Void> settle(String orderId, String paymentId, Money amount) {
      return ask(
          "settle " + orderId,
          () -> flow.settle(orderId, paymentId, amount, CAUSE).<Void>mapEmpty());
    }

    @Override
    public Future<Void> cancel(String orderId) {
      return ask(
          "cancel " + orderId,
          () -> flow.decide(orderId, CAUSE, o -> flow.cancel(o, CAUSE)).<Void>mapEmpty());
    }

    private <T> Future<T> ask(String what, Supplier<Future<T>> work) {
      return world.call(paymentsNode, ordersNode, what, work);
    }
  }

  // --- what people do

  private void order(String id) {
    Order draft = draft(id);
    world
        .call(people, ordersNode, "place " + id, () -> flow.place(draft, CAUSE))
        .onSuccess(this::goOn)
        .onFailure(
            failure -> {
              if (world.chance(0.3)) {
                soon(() -> orderAgain(id));
              }
            });
  }

  // The same Idempotency-Key: what the first attempt has done is found.
  private void orderAgain(String id) {
    world
        .call(people, ordersNode, "place again " + id, () -> flow.placeAgain(id, CAUSE))
        .onSuccess(found -> found.ifPresent(this::goOn));
  }

  private void goOn(Order order) {
    acknowledged.add(order.id());
    if (world.chance(0.85)) {
      soon(() -> pay(order));
    }
    if (world.chance(0.1)) {
      soon(() -> pay(order));
    }
    if (world.chance(0.3)) {
      soon(() -> cancel(order.id()));
    }
  }

  // Mostly at once, sometimes about when the hold ends.
  private void soon(Runnable work) {
    int when = world.chance(0.2) ? 25_000 + world.pick(8_000) : world.pick(4_000);
    world.after(people, when, work);
  }

  private void pay(Order order) {
    pay(order, new Work("pay-" + works++, false));
  }

  private void pay(Order order, Work work) {
    world
        .call(
            people,
            paymentsNode,
            "pay " + order.id(),
            () -> payments.pay(work, order.id(), ANN, order.total()))
        .onSuccess(completed -> afterPaying(order, completed))
        .onFailure(
            failure -> {
              if (world.chance(0.3)) {
                soon(() -> pay(order, new Work(work.id(), true)));
              }
            });
  }

  private void afterPaying(Order order, boolean completed) {
    if (!completed) {
      soon(() -> pay(order));
      return;
    }
    paid.add(order.id());
    if (world.chance(0.2)) {
      soon(() -> ship(order.id()));
    }
    if (world.chance(0.15)) {
      soon(() -> giveBackAPart(order, new Work("part-" + works++, false)));
    }
  }

  private void cancel(String id) {
    calledOff.add(id);
    world
        .call(
            people,
            ordersNode,
            "cancel " + id,
            () ->
                flow.decide(
                    id,
                    CAUSE,
                    order ->
                        order.status().mayBecome(OrderStatus.CANCELLED)
                            ? flow.cancel(order, CAUSE)
                            : Future.failedFuture("too late")))
        .onFailure(failure -> world.tell("cancel " + id + ": " + failure.getMessage()));
  }

  private void ship(String id) {
    world
        .call(
            people,
            ordersNode,
            "ship " + id,
            () -> flow.decide(id, CAUSE, o -> flow.advance(o, OrderStatus.SHIPPED, CAUSE)))
        .onFailure(failure -> world.tell("ship " + id + ": " + failure.getMessage()));
  }

  private void giveBackAPart(Order order, Work work) {
    partRefunds.computeIfAbsent(order.id(), id -> new HashSet<>()).add(work.id());
    world
        .call(
            people,
            paymentsNode,
            "give back a part of " + order.id(),
            () -> payments.refundPart(work, order.id(), new BigDecimal("1.00")))
        .onFailure(
            failure -> {
              world.tell("give back: " + failure.getMessage());
              if (world.chance(0.3)) {
                soon(() -> giveBackAPart(order, new Work(work.id(), true)));
              }
            });
  }

  private Future<?> operate() {
    for (Order order : List.copyOf(store.rows().values())) {
      if (order.needsAttention() || order.isUnderWay() && world.chance(0.05)) {
        boolean resume = world.chance(0.5);
        calledOff.addAll(resume ? List.of() : List.of(order.id()));
        world
            .call(
                people,
                ordersNode,
                (resume ? "resume " : "call off ") + order.id(),
                () -> resume ? flow.resume(order.id(), CAUSE) : flow.compensate(order.id(), CAUSE))
            .onFailure(failure -> world.tell("operator: " + failure.getMessage()));
      }
    }
    return Future.succeededFuture();
  }

  private Order draft(String id) {
    List<OrderItem> items = new ArrayList<>();
    Money total = new Money(0, "USD");
    for (int i = 0; i < 3; i++) {
      if (items.isEmpty() && i == 2 || world.chance(0.5)) {
        Money price = new Money(1000, "USD");
        long quantity = 1L + world.pick(3);
        items.add(new OrderItem("product-" + i, "Lamp", quantity, price));
        total = total.plus(price.times(quantity));
      }
    }
    Instant now = world.instant();
    Progress progress = new Progress(OrderStatus.PENDING, Optional.empty(), Optional.empty(), 0);
    return new Order(id, ANN, items, total, now, now.plus(HOLD), progress);
  }

  private static Map<String, Long> items(Order order) {
    Map<String, Long> items = new TreeMap<>();
    order.items().forEach(item -> items.put(item.productId(), item.quantity()));
    return items;
  }

  // --- the promises

  private boolean isSettled() {
    return payments.isSettled()
        && store.rows().values().stream().allMatch(order -> order.progress().duty().isEmpty());
  }

  // Products lets go of what orders does not come to; what orders has ended must not be there.
  private void judgeExpiry(String orderId) {
    Order order = store.rows().get(orderId);
    if (order == null || order.progress().duty().isEmpty()) {
      world.accuse("stock was held for nobody: " + orderId + " " + order);
    }
  }

  private void judge() {
    products.audit();
    payments.audit();
    acknowledged.stream()
        .filter(id -> !store.rows().containsKey(id))
        .forEach(id -> world.accuse("acknowledged and lost: " + id));
    store.rows().values().forEach(this::judge);
    for (int i = 0; i < 5; i++) {
      String id = "order-" + i;
      boolean taken = Set.of("held", "committed").contains(products.status(id));
      if (!store.rows().containsKey(id) && (taken || payments.kept(id) != 0)) {
        world.accuse("taken for an order that is not there: " + id);
      }
    }
  }

  private void judge(Order order) {
    String reservation = products.status(order.id());
    long kept = payments.kept(order.id());
    boolean bought = order.isPaid();
    if (bought != reservation.equals("committed") || reservation.equals("held")) {
      world.accuse(order.id() + " is " + order.status() + ", its reservation " + reservation);
    } else if (bought && !products.items(order.id()).equals(items(order))) {
      world.accuse(order.id() + " has bought something else");
    }
    long due = bought ? order.total().minorUnits() : 0;
    long atMost = 100L * partRefunds.getOrDefault(order.id(), Set.of()).size();
    if (kept > due || kept < due - (bought ? atMost : 0)) {
      world.accuse(order.id() + " is " + order.status() + ", kept is " + kept + " of " + due);
    }
    if (bought && !payments.isPaidBy(order.id(), order.progress().paymentId().orElse("none"))) {
      world.accuse(order.id() + " is paid by no payment");
    }
    if (paid.contains(order.id()) && !bought && !calledOff.contains(order.id())) {
      world.accuse(order.id() + " was acknowledged as paid and is " + order.status());
    }
  }
}
