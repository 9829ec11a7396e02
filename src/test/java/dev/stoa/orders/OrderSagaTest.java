package dev.stoa.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.service.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderSagaTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final Cause ANN = new Cause("customer:ann", "r");
  private static final SagaConfig THREE =
      new SagaConfig(3, Duration.ofMillis(1), Duration.ofMillis(1));

  private final OrderSaga saga = new OrderSaga(() -> THREE);

  private static Order refunding() {
    Duty refund = Duty.step(Duty.Kind.REFUND, "key", NOW);
    Progress progress = new Progress(OrderStatus.PAID, Optional.of("p"), Optional.of(refund), 5);
    return new Order("o", "ann", List.of(), new Money(1, "USD"), NOW, NOW, progress);
  }

  @Test
  void impatientCustomersDoNotUseUpTheAttempts() {
    Order order = refunding();

    for (int i = 0; i < 10; i++) {
      order = order.with(saga.askedAgain(order, ANN, NOW).next());
    }

    assertFalse(order.needsAttention());
    assertEquals(1, order.progress().duty().orElseThrow().attempts());
    assertEquals("key", order.progress().duty().orElseThrow().key());
  }

  @Test
  void takenUpTooOftenItWaitsForAnOperator() {
    Order order = refunding();

    for (int i = 0; i < 3; i++) {
      assertFalse(order.needsAttention());
      order = order.with(saga.takenUp(order, ANN, NOW).next());
    }

    assertTrue(order.needsAttention());
  }
}
