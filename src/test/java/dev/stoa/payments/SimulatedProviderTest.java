package dev.stoa.payments;

import static dev.stoa.shop.Shop.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.payments.PaymentProvider.Outcome;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Money;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class SimulatedProviderTest {
  private static final Money TEN = new Money(1000, "USD");

  @TempDir Path directory;
  private Database ledger;

  @BeforeEach
  void open(Vertx vertx) {
    ledger = await(Database.open(vertx, new DatabaseConfig(directory), "payment-provider"));
  }

  @AfterEach
  void close() {
    await(ledger.close());
  }

  @Test
  void approvesTheShareItIsTold() {
    List<Outcome> outcomes = charges(provider(0.9, 7), "a", 300);

    long approved = outcomes.stream().filter(outcome -> outcome == Outcome.APPROVED).count();
    assertTrue(approved > 250 && approved < 290, "approved " + approved);
  }

  @Test
  void theSeedDecides() {
    List<Outcome> outcomes = charges(provider(0.5, 7), "a", 60);
    await(ledger.run("DELETE FROM charges"));

    assertEquals(outcomes, charges(provider(0.5, 7), "a", 60));
    await(ledger.run("DELETE FROM charges"));
    assertNotEquals(outcomes, charges(provider(0.5, 8), "a", 60));
  }

  @Test
  void theSameChargeAgainHasTheOutcomeItHad() {
    assertEquals(Outcome.APPROVED, await(provider(1, 7).charge("k", TEN, "card")));

    assertEquals(Outcome.APPROVED, await(provider(0, 7).charge("k", TEN, "card")));
    assertEquals(Optional.of(Outcome.APPROVED), await(provider(0, 7).find("k")));
    assertEquals(Optional.empty(), await(provider(0, 7).find("other")));
  }

  @Test
  void givesBackOnceAndNeverMoreThanItTook() {
    PaymentProvider provider = provider(1, 7);
    await(provider.charge("k", TEN, "card"));
    Money six = new Money(600, "USD");

    assertEquals(Outcome.APPROVED, await(provider.refund("r1", "k", six)));
    assertEquals(Outcome.APPROVED, await(provider.refund("r1", "k", six)));
    assertEquals(Outcome.DECLINED, await(provider.refund("r2", "k", six)));
    assertEquals(Outcome.DECLINED, await(provider.refund("r3", "other", six)));
    assertEquals(Outcome.APPROVED, await(provider.refund("r4", "k", new Money(400, "USD"))));
  }

  @Test
  void givesNothingBackOfADeclinedCharge() {
    PaymentProvider provider = provider(0, 7);
    await(provider.charge("k", TEN, "card"));

    assertEquals(Outcome.DECLINED, await(provider.refund("r1", "k", TEN)));
  }

  private static List<Outcome> charges(PaymentProvider provider, String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> provider.charge(prefix + i, TEN, "card"))
        .toList()
        .stream()
        .map(charge -> await(charge))
        .toList();
  }

  private PaymentProvider provider(double successRate, int seed) {
    return new SimulatedProvider(
        ledger,
        Live.fixed(
            new PaymentsConfig(
                PaymentsConfig.Provider.SIMULATED, successRate, seed, Duration.ofSeconds(30))));
  }
}
