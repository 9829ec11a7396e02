package dev.stoa.orders;

import dev.stoa.persistence.Row;
import dev.stoa.service.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of the orders' tables as what they mean. */
final class OrderRows {
  private OrderRows() {}

  static Order order(Row row, List<OrderItem> items) {
    Optional<Duty> duty = Optional.ofNullable(row.text("duty")).map(kind -> duty(kind, row));
    return new Order(
        row.text("order_id"),
        row.text("user_id"),
        items,
        new Money(row.number("total_minor"), row.text("currency")),
        row.instant("created_at"),
        row.instant("expires_at"),
        new Progress(
            OrderStatus.of(row.text("status")),
            Optional.ofNullable(row.text("payment_id")),
            duty,
            row.number("version")));
  }

  private static Duty duty(String kind, Row row) {
    Instant from = row.instant("duty_from");
    Optional<String> stuck =
        from == null ? Optional.of(String.valueOf(row.text("attention"))) : Optional.empty();
    int attempts = (int) row.number("duty_attempts");
    return new Duty(Duty.Kind.valueOf(kind), from, attempts, row.text("duty_key"), stuck);
  }
}
