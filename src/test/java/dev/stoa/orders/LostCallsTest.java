package dev.stoa.orders;

import static dev.stoa.shop.Shop.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.Outbox;
import dev.stoa.service.PageRequest;
import dev.stoa.service.Reply;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import dev.stoa.service.Sweep;
import dev.stoa.service.Transport;
import dev.stoa.service.Work;
import dev.stoa.service.WorkUndone;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import dev.stoa.shop.Shops;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Calls of the other services that get lost, before or after they took effect. */
class LostCallsTest {
  private static final SagaConfig SAGA =
      new SagaConfig(3, Duration.ofSeconds(2), Duration.ofSeconds(60));
  private static final Cause CAUSE = new Cause("customer:ann", "r-1");

  private static final PageRequest PAGE = new PageRequest(10, Optional.empty());

  @RegisterExtension static final Shops SHOPS = new Shops();

  @TempDir Path directory;
  private Shop shop;
  private Person ann;
  private Faults faults;
  private Database database;
  private Outbox outbox;
  private Instant now = Instant.now();
  private OrderRepository orders;
  private OrderFlow flow;
  private PlaceOrder placeOrder;
  private Sweep<Order> sweep;

  /** What goes wrong on the way to another service, by operation. */
  private static final class Faults implements ServiceClient {
    private final ServiceClient client;
    private final Set<String> requestsLost = new HashSet<>();
    private final Set<String> answersLost = new HashSet<>();

    Faults(ServiceClient client) {
      this.client = client;
    }

    @Override
    public Future<Reply> call(ServiceRequest request) {
      if (requestsLost.contains(request.operationId())) {
        return Future.failedFuture(
            new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "It is away."));
      }
      return answersLost.contains(request.operationId())
          ? client.call(request).compose(done -> silence())
          : client.call(request);
    }

    private static Future<Reply> silence() {
      return Future.failedFuture(
          new ProblemException(ProblemType.GATEWAY_TIMEOUT, "It does not answer."));
    }

    void heal() {
      requestsLost.clear();
      answersLost.clear();
    }
  }

  @BeforeEach
  void open() {
    shop = SHOPS.over(Transport.HTTP);
    ann = shop.customer();
    database =
        await(
            Database.open(
                shop.vertx(),
                new DatabaseConfig(directory),
                OrdersVerticle.SERVICE,
                Leases.TABLES));
    Leases leases =
        await(Leases.open(shop.vertx(), database, OrdersVerticle.SERVICE, Duration.ofSeconds(5)));
    outbox = new Outbox(shop.vertx(), database, "test.events", leases);
    faults = new Faults(shop.clients());
    InstantSource clock = () -> now;
    OrdersConfig config = new OrdersConfig(Duration.ofMinutes(15), Duration.ofSeconds(30));
    ProductsClient products = new ProductsClient(faults);
    orders = new OrderRepository(database, outbox, "a process without a lease");
    OrderSaga saga = new OrderSaga(() -> SAGA);
    SagaSteps steps = new RemoteSteps(products, new PaymentsClient(faults));
    flow = new OrderFlow(orders, steps, saga, clock);
    placeOrder = new PlaceOrder(new UsersClient(faults), products, flow, Live.fixed(config), clock);
    sweep = OrderSweep.of(orders, flow, clock, () -> "r-2");
  }

  @AfterEach
  void close() {
    await(database.close());
  }

  @Test
  void anOrderWhoseReservationIsUnknownHoldsNothing() {
    String lamp = shop.product("10", 5);
    faults.answersLost.add("reserve");

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(place(lamp)));

    assertEquals(5, shop.stock(lamp));
    assertEquals(OrderStatus.CANCELLED, only().status());
    assertTrue(only().progress().duty().isEmpty());
  }

  @Test
  void stockThatCannotBeGivenBackAtOnceIsGivenBackLater() {
    String lamp = shop.product("10", 5);
    faults.answersLost.add("reserve");
    faults.requestsLost.add("releaseReservation");

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(place(lamp)));
    assertEquals(3, shop.stock(lamp));
    now = now.plusSeconds(2);
    await(sweep.run());
    assertEquals(3, shop.stock(lamp));
    faults.heal();
    await(sweep.run());
    assertEquals(3, shop.stock(lamp), "the sweep backs off");
    now = now.plusSeconds(4);
    await(sweep.run());

    assertEquals(5, shop.stock(lamp));
    assertTrue(only().progress().duty().isEmpty());
    assertEquals(
        List.of(
            "created reserve intent 1",
            "reserve_unknown reserve unknown 1",
            "cancelled release intent 1",
            "release_unknown release unknown 1",
            "retried release intent 2",
            "release_unknown release unknown 2",
            "retried release intent 3",
            "stock_released release done 3"),
        log());
  }

  @Test
  void aRefusedReservationIsNotReleased() {
    String lamp = shop.product("10", 5);
    faults.requestsLost.add("releaseReservation");
    Future<Order> tooMuch = flow.place(draftOf(lamp, 6), CAUSE);

    assertEquals(ProblemType.INSUFFICIENT_STOCK, refusal(tooMuch));

    assertEquals(OrderStatus.CANCELLED, only().status());
    assertTrue(only().progress().duty().isEmpty());
  }

  @Test
  void anOrderIsPaidOnlyWhenItsStockIsSold() {
    String lamp = shop.product("10", 5);
    Order order = await(place(lamp));
    String payment = UUID.randomUUID().toString();
    faults.answersLost.add("commitReservation");

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(settle(order, payment)));
    assertEquals(OrderStatus.RESERVED, only().status());
    assertEquals(ProblemType.CONFLICT, refusal(cancel(order)), "it is being paid");
    now = order.expiresAt();
    assertEquals(OrderStatus.RESERVED, await(flow.current(only(), CAUSE)).status());
    faults.heal();

    assertEquals(OrderStatus.PAID, await(settle(order, payment)).status());
    assertTrue(only().progress().duty().isEmpty());
    assertEquals(3, shop.stock(lamp));
  }

  @Test
  void anOrderLeftAmidAStepIsTakenUpByAnotherProcess() {
    String lamp = shop.product("10", 5);
    Order order = await(place(lamp));
    String payment = UUID.randomUUID().toString();
    faults.answersLost.add("commitReservation");
    refusal(settle(order, payment));
    Order another = draftOf(lamp, 1);
    Order old = draftOf(lamp, 1);
    OrderSaga saga = new OrderSaga(() -> SAGA);
    await(orders.insert(another, saga.placed(another, CAUSE, now)));
    await(orders.insert(old, saga.placed(old, CAUSE, now.minusSeconds(60))));
    faults.heal();

    await(sweep.resume());
    assertEquals(OrderStatus.PENDING, await(orders.get(old.id())).status(), "it is my own");
    OrderRepository others = new OrderRepository(database, outbox, "another process");
    await(OrderSweep.of(others, flow, () -> now, () -> "r-3").resume());

    assertEquals(OrderStatus.PAID, await(orders.get(order.id())).status());
    assertEquals(OrderStatus.RESERVED, await(orders.get(another.id())).status());
    assertEquals(OrderStatus.CANCELLED, await(orders.get(old.id())).status(), "nobody waits");
    assertTrue(await(others.unfinished("", 10)).isEmpty());
    assertEquals(2, shop.stock(lamp));
  }

  @Test
  void aStepTriedInVainTooOftenWaitsForAnOperatorWhoLetsItGoOn() {
    String lamp = shop.product("10", 5);
    Order order = stuckInCommit(lamp);

    assertEquals(ProblemType.SERVICE_UNAVAILABLE, refusal(settle(order, "p-1")));
    assertEquals(1, await(orders.sagas()).needingAttention());
    assertEquals(
        List.of(order.id()),
        await(orders.list(Optional.empty(), Optional.empty(), true, PAGE)).stream()
            .map(Order::id)
            .toList());
    assertTrue(only().needsAttention());
    await(flow.resume(order.id(), CAUSE));
    assertTrue(only().isUnderWay(), "has all its attempts again");
    faults.heal();
    await(flow.resume(order.id(), CAUSE));

    assertEquals(OrderStatus.PAID, only().status());
    assertEquals(ProblemType.CONFLICT, refusal(flow.resume(order.id(), CAUSE)));
  }

  @Test
  void aStepTriedInVainTooOftenCanBeCalledOff() {
    String lamp = shop.product("10", 5);
    Order order = stuckInCommit(lamp);
    faults.heal();

    await(flow.compensate(order.id(), CAUSE));

    assertEquals(OrderStatus.CANCELLED, only().status());
    assertTrue(only().progress().duty().isEmpty());
    assertEquals(5, shop.stock(lamp));
    assertEquals(ProblemType.CONFLICT, refusal(settle(order, "p-1")));
    assertEquals(ProblemType.CONFLICT, refusal(flow.compensate(order.id(), CAUSE)));
  }

  private Order stuckInCommit(String product) {
    Order order = await(place(product));
    faults.answersLost.add("commitReservation");
    refusal(settle(order, "p-1"));
    for (int i = 0; i < 5; i++) {
      now = now.plusSeconds(60);
      await(sweep.run());
    }
    assertTrue(only().needsAttention());
    assertEquals("needs_attention", log().get(log().size() - 1).strip());
    return order;
  }

  @Test
  void anOrderIsSettledOnceByOnePayment() {
    String lamp = shop.product("10", 5);
    Order order = await(place(lamp));
    String payment = UUID.randomUUID().toString();
    Money less = new Money(1999, "USD");

    assertEquals(ProblemType.CONFLICT, refusal(flow.settle(order.id(), payment, less, CAUSE)));
    Order paid = await(settle(order, payment));
    Order again = await(settle(order, payment));

    assertEquals(paid, again);
    assertEquals(ProblemType.CONFLICT, refusal(settle(order, UUID.randomUUID().toString())));
  }

  @Test
  void anExpiredOrderIsNotSettled() {
    String lamp = shop.product("10", 5);
    Order order = await(place(lamp));
    now = order.expiresAt();

    assertEquals(ProblemType.CONFLICT, refusal(settle(order, UUID.randomUUID().toString())));

    assertEquals(OrderStatus.CANCELLED, only().status());
    assertEquals(5, shop.stock(lamp));
  }

  @Test
  void aRefusedRefundLeavesTheOrderPaid() {
    String lamp = shop.product("10", 5);
    Order order = await(place(lamp));
    await(settle(order, UUID.randomUUID().toString()));

    // This order's payment is none that payment-service knows.
    assertEquals(ProblemType.NOT_FOUND, refusal(cancel(order)));

    assertEquals(OrderStatus.PAID, only().status());
    assertEquals(
        List.of(
            "created reserve intent 1",
            "reserved reserve done 1",
            "payment_received commit intent 1",
            "paid commit done 1",
            "refund_requested refund intent 1",
            "refund_refused refund refused 1"),
        log());
    assertEquals(3, shop.stock(lamp));
  }

  @Test
  void asTheSameWorkAnOrderIsPlacedOnce() {
    String lamp = shop.product("10", 5);
    String id = UUID.randomUUID().toString();

    Order order = await(place(lamp, new Work(id, true)));
    Order again = await(place(lamp, new Work(id, true)));

    assertEquals(id, order.id());
    assertEquals(order, again);
    assertEquals(3, shop.stock(lamp));
  }

  @Test
  void workThatWasCutOffBeforeItsStockWasReservedGoesOn() {
    String lamp = shop.product("10", 5);
    Order cutOff = draftOf(lamp, 2);
    await(orders.insert(cutOff, new OrderSaga(() -> SAGA).placed(cutOff, CAUSE, now)));

    Order order = await(place(lamp, new Work(cutOff.id(), true)));

    assertEquals(OrderStatus.RESERVED, order.status());
    assertEquals(cutOff.id(), order.id());
    assertEquals(3, shop.stock(lamp));
  }

  @Test
  void workWhoseOrderIsOffAlreadyIsUndone() {
    String lamp = shop.product("10", 5);
    String id = UUID.randomUUID().toString();
    faults.answersLost.add("reserve");
    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(place(lamp, new Work(id, false))));
    faults.heal();

    Future<Order> again = place(lamp, new Work(id, true));

    assertInstanceOf(WorkUndone.class, await(again.map(o -> (Throwable) null).otherwise(f -> f)));
    assertEquals(5, shop.stock(lamp));
  }

  private Future<Order> place(String product) {
    return place(product, new Work(UUID.randomUUID().toString(), false));
  }

  private Future<Order> place(String product, Work work) {
    return placeOrder.place(work, ann.id(), List.of(new PlaceOrder.Line(product, 2)), CAUSE);
  }

  private Order draftOf(String product, long quantity) {
    Money price = new Money(1000, "USD");
    return new Order(
        UUID.randomUUID().toString(),
        ann.id(),
        List.of(new OrderItem(product, "Lamp", quantity, price)),
        price.times(quantity),
        now,
        now.plusSeconds(60),
        new Progress(OrderStatus.PENDING, Optional.empty(), Optional.empty(), 0));
  }

  private Future<Order> settle(Order order, String payment) {
    return flow.settle(order.id(), payment, order.total(), CAUSE);
  }

  private Future<Order> cancel(Order order) {
    return flow.decide(order.id(), CAUSE, read -> flow.cancel(read, CAUSE));
  }

  private List<String> log() {
    return await(orders.events(only().id())).stream().map(LostCallsTest::text).toList();
  }

  private static String text(OrderEvent event) {
    String step =
        event
            .step()
            .map(note -> note.step().text() + " " + note.phase().text() + " " + note.attempt())
            .orElse("");
    return event.event() + " " + step;
  }

  private Order only() {
    return await(
        database
            .read("SELECT order_id FROM orders")
            .compose(rows -> orders.get(rows.rows().get(0).text("order_id"))));
  }

  private static ProblemType refusal(Future<?> future) {
    Throwable failure = await(future.map(done -> (Throwable) null).otherwise(f -> f));
    return assertInstanceOf(ProblemException.class, failure).type();
  }
}
