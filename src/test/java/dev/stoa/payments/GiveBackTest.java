package dev.stoa.payments;

import static dev.stoa.shop.Shop.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Money;
import dev.stoa.service.Outbox;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class GiveBackTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final Money NONE = new Money(0, "USD");
  private static final Money HALF = new Money(500, "USD");

  @TempDir Path directory;
  private Database database;
  private Database ledger;
  private PaymentRepository payments;
  private RefundRepository refunds;
  private Payment paid;

  @BeforeEach
  void open(Vertx vertx) {
    database =
        await(
            Database.open(vertx, new DatabaseConfig(directory), "payment-service", Leases.TABLES));
    ledger = await(Database.open(vertx, new DatabaseConfig(directory), "payment-provider"));
    Leases leases = await(Leases.open(vertx, database, "payment-service", Duration.ofSeconds(5)));
    PaymentEvents events = new PaymentEvents(new Outbox(vertx, database, "events", leases));
    payments = new PaymentRepository(database, events, leases.self());
    refunds = new RefundRepository(database, events, leases.self());
    Money ten = new Money(1000, "USD");
    Payment pending =
        new Payment("p", "o", "u", ten, "card", NOW, PaymentStatus.PENDING, NONE, NONE, 0);
    await(payments.insert(pending, NOW));
    paid = await(payments.conclude(pending, PaymentStatus.COMPLETED, NOW));
  }

  @AfterEach
  void close() {
    await(database.close());
    await(ledger.close());
  }

  @Test
  void ofTwoHalvesThatWereEachAPartWhenAskedForOneIsGiven() {
    SimulatedProvider provider =
        new SimulatedProvider(
            ledger,
            Live.fixed(
                new PaymentsConfig(
                    PaymentsConfig.Provider.SIMULATED, 1, 0, Duration.ofSeconds(1))));
    await(provider.charge(paid.id(), paid.amount(), paid.method()));
    GiveBack giveBack = new GiveBack(refunds, provider, () -> NOW);

    boolean first = await(giveBack.givePart(paid, HALF, "a"));
    boolean second = await(giveBack.givePart(paid, HALF, "b"));

    assertTrue(first);
    assertFalse(second);
    assertEquals(HALF, await(payments.get("p")).rest());
    assertTrue(await(giveBack.give(paid, HALF, "c")), "all that is left");
    assertEquals(PaymentStatus.REFUNDED, await(payments.get("p")).status());
  }

  @Test
  void noMoreIsBegunThanWasPaid() {
    assertTrue(begin("a", HALF));
    assertFalse(begin("b", new Money(501, "USD")));
    assertEquals(1, await(refunds.pending(paid)).size());
  }

  private boolean begin(String id, Money amount) {
    return await(refunds.begin(new Refund(id, paid.id(), amount), 0, NOW, NOW));
  }
}
