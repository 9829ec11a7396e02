package dev.stoa.orders;

import static dev.stoa.shop.Shop.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Money;
import dev.stoa.service.Reply;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import dev.stoa.service.Transport;
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
  private static final Cause CAUSE = new Cause("customer:ann", "r-1");

  @RegisterExtension static final Shops SHOPS = new Shops();

  @TempDir Path directory;
  private Shop shop;
  private Person ann;
  private Faults faults;
  private Database database;
  private Instant now = Instant.now();
  private OrderRepository orders;
  private OrderFlow flow;
  private PlaceOrder placeOrder;
  private OrderSweep sweep;

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
        await(Database.open(shop.vertx(), new DatabaseConfig(directory), OrdersVerticle.SERVICE));
    faults = new Faults(shop.clients());
    InstantSource clock = () -> now;
    OrdersConfig config = new OrdersConfig(Duration.ofMinutes(15), Duration.ofSeconds(30));
    ProductsClient products = new ProductsClient(faults);
    orders = new OrderRepository(database);
    flow = new OrderFlow(orders, products, new PaymentsClient(faults), clock);
    placeOrder = new PlaceOrder(new UsersClient(faults), products, flow, Live.fixed(config), clock);
    sweep = new OrderSweep(orders, flow, clock);
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
    afterGrace();
    await(sweep.run());
    assertEquals(3, shop.stock(lamp));
    faults.heal();
    await(sweep.run());
    assertEquals(3, shop.stock(lamp), "the sweep backs off");
    now = now.plusSeconds(60);
    await(sweep.run());

    assertEquals(5, shop.stock(lamp));
    assertTrue(only().progress().duty().isEmpty());
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
  void aPaidOrderIsCommittedLaterWhereProductsIsAway() {
    String lamp = shop.product("10", 5);
    Order order = await(place(lamp));
    String payment = UUID.randomUUID().toString();
    faults.answersLost.add("commitReservation");

    assertEquals(OrderStatus.PAID, await(settle(order, payment)).status());
    assertTrue(only().owes(Duty.Kind.COMMIT));
    faults.heal();
    afterGrace();
    await(sweep.run());

    assertTrue(only().progress().duty().isEmpty());
    assertEquals(3, shop.stock(lamp));
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
            "created", "reserved", "paid", "stock_committed", "refund_requested", "refund_refused"),
        await(orders.events(order.id())).stream().map(OrderEvent::event).toList());
    assertEquals(3, shop.stock(lamp));
  }

  private Future<Order> place(String product) {
    return placeOrder.place(ann.id(), List.of(new PlaceOrder.Line(product, 2)), CAUSE);
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
        new Progress(OrderStatus.PENDING, Optional.empty(), Optional.empty(), 1));
  }

  private Future<Order> settle(Order order, String payment) {
    return flow.settle(order.id(), payment, order.total(), CAUSE);
  }

  private Future<Order> cancel(Order order) {
    return flow.decide(order.id(), CAUSE, read -> flow.cancel(read, CAUSE));
  }

  private void afterGrace() {
    now = now.plusSeconds(31);
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
