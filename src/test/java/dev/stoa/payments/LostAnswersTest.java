package dev.stoa.payments;

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
import dev.stoa.service.Identity;
import dev.stoa.service.Money;
import dev.stoa.service.Outbox;
import dev.stoa.service.Sweep;
import dev.stoa.service.Transport;
import dev.stoa.service.Uuid7;
import dev.stoa.service.Work;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import dev.stoa.shop.Shops;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A provider whose answers get lost, before or after it did what it was asked. */
class LostAnswersTest {
  private static final Identity ADMIN = new Identity("admin", "admin", Set.of(Identity.ADMIN));

  @RegisterExtension static final Shops SHOPS = new Shops();

  @TempDir Path directory;
  private Shop shop;
  private Person ann;
  private Database database;
  private Database ledger;
  private Faults provider;
  private Instant now = Instant.now();
  private PaymentRepository payments;
  private PayOrder payOrder;
  private RefundPayment refundPayment;
  private RefundOrder refundOrder;
  private Sweep<Payment> sweep;

  /** What goes wrong on the way to a real provider. */
  private static final class Faults implements PaymentProvider {
    private final PaymentProvider provider;
    private boolean requestsLost;
    private boolean answersLost;
    private boolean inquiriesLost;
    private int charges;

    Faults(PaymentProvider provider) {
      this.provider = provider;
    }

    @Override
    public Future<Outcome> charge(String key, Money amount, String method) {
      charges++;
      return faulty(() -> provider.charge(key, amount, method));
    }

    @Override
    public Future<Optional<Outcome>> find(String key) {
      return inquiriesLost ? Future.failedFuture("lost") : provider.find(key);
    }

    @Override
    public Future<Outcome> close(String key) {
      return faulty(() -> provider.close(key));
    }

    @Override
    public Future<Outcome> refund(String key, String chargeKey, Money amount) {
      return faulty(() -> provider.refund(key, chargeKey, amount));
    }

    private Future<Outcome> faulty(Supplier<Future<Outcome>> request) {
      if (requestsLost) {
        return Future.failedFuture("lost");
      }
      return answersLost
          ? request.get().compose(done -> Future.failedFuture("lost"))
          : request.get();
    }

    void heal() {
      requestsLost = false;
      answersLost = false;
      inquiriesLost = false;
    }
  }

  @BeforeEach
  void open() {
    shop = SHOPS.over(Transport.HTTP);
    ann = shop.customer();
    database = open(PaymentsVerticle.SERVICE);
    ledger = open("payment-provider");
    PaymentsConfig approving =
        new PaymentsConfig(PaymentsConfig.Provider.SIMULATED, 1, 1, Duration.ofSeconds(30));
    provider = new Faults(new SimulatedProvider(ledger, Live.fixed(approving)));
    InstantSource clock = () -> now;
    OrdersClient orders = new OrdersClient(shop.clients());
    Uuid7 ids = new Uuid7(clock);
    Leases leases =
        await(Leases.open(shop.vertx(), database, PaymentsVerticle.SERVICE, Duration.ofSeconds(5)));
    PaymentEvents events =
        new PaymentEvents(new Outbox(shop.vertx(), database, "test.events", leases));
    payments = new PaymentRepository(database, events, leases.self());
    RefundRepository refunds = new RefundRepository(database, events, leases.self());
    ConcludePayment concludePayment = new ConcludePayment(payments, provider, orders, clock);
    payOrder = new PayOrder(payments, orders, concludePayment, clock);
    GiveBack giveBack = new GiveBack(refunds, provider, clock);
    refundPayment = new RefundPayment(payments, orders, giveBack);
    refundOrder = new RefundOrder(payments, refunds, concludePayment, giveBack);
    sweep = PaymentSweep.of(payments, concludePayment, giveBack, clock, ids::next);
  }

  private Database open(String name) {
    return await(Database.open(shop.vertx(), new DatabaseConfig(directory), name, Leases.TABLES));
  }

  @AfterEach
  void close() {
    await(ledger.close().eventually(database::close));
  }

  @Test
  void aLostAnswerIsAskedFor() {
    provider.answersLost = true;
    JsonObject order = order();

    Payment payment = await(pay(order));

    assertEquals(PaymentStatus.COMPLETED, payment.status());
    assertEquals("paid", status(order));
  }

  @Test
  void whatStaysUnknownIsConcludedByTheSweep() {
    provider.answersLost = true;
    provider.inquiriesLost = true;
    JsonObject order = order();

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(pay(order)));
    assertEquals(ProblemType.CONFLICT, refusal(pay(order)));
    provider.heal();
    await(sweep.run());
    assertEquals(PaymentStatus.PENDING, only(order).status());
    now = now.plusSeconds(31);
    await(sweep.run());

    assertEquals(PaymentStatus.COMPLETED, only(order).status());
    assertEquals("paid", status(order));
    assertEquals(1000, charged());
    assertEquals(ProblemType.ALREADY_PAID, refusal(pay(order)));
  }

  @Test
  void aChargeThatNeverArrivedIsMadeWhileTheOrderWaits() {
    provider.requestsLost = true;
    JsonObject order = order();

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(pay(order)));
    provider.heal();
    now = now.plusSeconds(31);
    await(sweep.run());

    assertEquals(PaymentStatus.COMPLETED, only(order).status());
    assertEquals(2, provider.charges);
  }

  @Test
  void aChargeThatNeverArrivedIsForgottenWithItsOrder() {
    provider.requestsLost = true;
    JsonObject order = order();

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(pay(order)));
    Shop.ok(200, shop.status(ann, order.getString("order_id"), "cancelled"));
    provider.heal();
    now = now.plusSeconds(31);
    await(sweep.run());

    assertEquals(PaymentStatus.FAILED, only(order).status());
    assertEquals(1, provider.charges);
  }

  @Test
  void moneyForAnOrderThatWasCancelledMeanwhileGoesBack() {
    provider.answersLost = true;
    provider.inquiriesLost = true;
    JsonObject order = order();

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(pay(order)));
    Shop.ok(200, shop.status(ann, order.getString("order_id"), "cancelled"));
    provider.heal();
    now = now.plusSeconds(31);
    await(sweep.run());

    Payment payment = only(order);
    assertEquals(PaymentStatus.REFUNDED, payment.status());
    assertEquals(payment.amount(), payment.refunded());
    assertEquals(0, charged());
    assertTrue(await(payments.neglected(now.plusSeconds(3600), 10)).isEmpty());
  }

  @Test
  void aRefundWhoseAnswerIsLostIsMadeOnce() {
    JsonObject order = order();
    Payment payment = await(pay(order));
    provider.answersLost = true;

    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(refund(payment, 4)));
    provider.heal();
    now = now.plusSeconds(31);
    await(sweep.run());

    assertEquals(PaymentStatus.PARTIALLY_REFUNDED, only(order).status());
    assertEquals(400, only(order).refunded().minorUnits());
    assertEquals(600, charged());
  }

  @Test
  void anOrderWhoseMoneyIsAskedBackTwiceGivesItBackOnce() {
    JsonObject order = order();
    Payment payment = await(pay(order));
    await(refund(payment, 4));
    provider.answersLost = true;
    assertEquals(
        ProblemType.GATEWAY_TIMEOUT, refusal(refundOrder.refund(payment.orderId(), "k-1", "r-1")));
    provider.heal();

    for (int i = 0; i < 2; i++) {
      Payment refunded = await(refundOrder.refund(payment.orderId(), "k-1", "r-2"));
      assertEquals(PaymentStatus.REFUNDED, refunded.status());
    }

    assertEquals(0, charged());
  }

  @Test
  void aProviderThatRefusesARefundLeavesThePaymentAsItWas() {
    JsonObject order = order();
    Payment payment = await(pay(order));
    await(ledger.run("UPDATE charges SET refunded_minor = amount_minor"));

    assertEquals(ProblemType.CONFLICT, refusal(refund(payment, 4)));

    assertEquals(payment, only(order));
  }

  private JsonObject order() {
    return shop.order(ann, shop.product("10", 1), 1);
  }

  @Test
  void asTheSameWorkAPaymentIsMadeOnce() {
    provider.answersLost = true;
    provider.inquiriesLost = true;
    JsonObject order = order();
    Work work = new Work(UUID.randomUUID().toString(), true);
    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(pay(order, work)));
    provider.heal();

    Payment payment = await(pay(order, work));
    Payment again = await(pay(order, work));

    assertEquals(work.id(), payment.id());
    assertEquals(PaymentStatus.COMPLETED, payment.status());
    assertEquals(payment, again);
    assertEquals(1000, charged());
    assertEquals("paid", status(order));
  }

  @Test
  void asTheSameWorkMoneyIsGivenBackOnce() {
    Payment payment = await(pay(order()));
    Work work = new Work(UUID.randomUUID().toString(), true);
    provider.answersLost = true;
    assertEquals(ProblemType.GATEWAY_TIMEOUT, refusal(refund(payment, 7, work)));
    provider.heal();

    for (int i = 0; i < 2; i++) {
      assertEquals(700, await(refund(payment, 7, work)).refunded().minorUnits());
    }

    assertEquals(300, charged());
  }

  private Future<Payment> pay(JsonObject order) {
    return pay(order, new Work(UUID.randomUUID().toString(), false));
  }

  private Future<Payment> pay(JsonObject order, Work work) {
    PayOrder.Wish wish = new PayOrder.Wish(order.getString("order_id"), "card", 10, null);
    return payOrder.pay(work, wish, ann.id(), "r-1");
  }

  private Future<Payment> refund(Payment payment, int amount) {
    return refund(payment, amount, new Work(UUID.randomUUID().toString(), false));
  }

  private Future<Payment> refund(Payment payment, int amount, Work work) {
    return refundPayment.refund(work, payment.id(), Optional.of(amount), ADMIN, "r-1");
  }

  private Payment only(JsonObject order) {
    List<Payment> found = await(payments.ofOrder(order.getString("order_id")));
    assertEquals(1, found.size());
    return found.get(0);
  }

  private String status(JsonObject order) {
    return shop.order(ann, order.getString("order_id")).getString("status");
  }

  /** What the provider took and did not give back. */
  private long charged() {
    return await(
        ledger
            .read("SELECT amount_minor - refunded_minor AS kept FROM charges")
            .map(rows -> rows.rows().stream().mapToLong(row -> row.number("kept")).sum()));
  }

  private static ProblemType refusal(Future<?> future) {
    Throwable failure = await(future.map(done -> (Throwable) null).otherwise(f -> f));
    return assertInstanceOf(ProblemException.class, failure).type();
  }
}
