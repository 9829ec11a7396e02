package dev.stoa.orders;

import static dev.stoa.orders.OrderStatus.CANCELLED;
import static dev.stoa.orders.OrderStatus.DELIVERED;
import static dev.stoa.orders.OrderStatus.PAID;
import static dev.stoa.orders.OrderStatus.PENDING;
import static dev.stoa.orders.OrderStatus.RESERVED;
import static dev.stoa.orders.OrderStatus.SHIPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderStatusTest {
  private static final Map<OrderStatus, Set<OrderStatus>> LEGAL =
      Map.of(
          PENDING, Set.of(RESERVED, CANCELLED),
          RESERVED, Set.of(PAID, CANCELLED),
          PAID, Set.of(SHIPPED, CANCELLED),
          SHIPPED, Set.of(DELIVERED),
          DELIVERED, Set.of(),
          CANCELLED, Set.of());

  @ParameterizedTest
  @EnumSource
  void mayBecomeWhatTheContractSaysAndNothingElse(OrderStatus status) {
    Set<OrderStatus> reachable =
        Arrays.stream(OrderStatus.values()).filter(status::mayBecome).collect(Collectors.toSet());

    assertEquals(LEGAL.get(status), reachable);
  }

  @ParameterizedTest
  @EnumSource
  void isWrittenAsItIsRead(OrderStatus status) {
    assertEquals(status, OrderStatus.of(status.text()));
  }
}
