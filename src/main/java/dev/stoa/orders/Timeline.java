package dev.stoa.orders;

import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What happened to an order, event by event, in the database; also its saga's log. Written in the
 * transactions of the orders, and never changed.
 */
final class Timeline {
  private static final int MAX_EVENTS = 1000;

  private Timeline() {}

  /** Adds the events that have brought an order to where it stands. */
  static Future<Rows> add(Sql sql, Order order, List<OrderEvent> events) {
    List<List<?>> rows = new ArrayList<>();
    long before = order.progress().version() - events.size();
    for (OrderEvent event : events) {
      rows.add(values(order.id(), before + rows.size() + 1, event));
    }
    Parameters given = new Parameters();
    return sql.run(
        "INSERT INTO order_events (order_id, version, at, event, status, actor, request_id, detail,"
            + " step, phase, attempt, step_key, trace_id) VALUES "
            + given.addRows(rows),
        given.values());
  }

  private static List<?> values(String orderId, long version, OrderEvent event) {
    Optional<SagaNote> note = event.step();
    return Arrays.asList(
        orderId,
        version,
        event.at(),
        event.event(),
        event.status().text(),
        event.cause().actor(),
        event.cause().requestId(),
        event.detail(),
        note.map(n -> n.step().text()).orElse(null),
        note.map(n -> n.phase().text()).orElse(null),
        note.map(SagaNote::attempt).orElse(null),
        note.map(SagaNote::key).orElse(null),
        event.cause().traceId());
  }

  /** Of one order, the oldest first. */
  static Future<List<OrderEvent>> of(Sql sql, String orderId) {
    return sql.run(
            "SELECT * FROM order_events WHERE order_id = $1 ORDER BY version LIMIT $2",
            orderId,
            MAX_EVENTS)
        .map(rows -> rows.map(Timeline::event));
  }

  private static OrderEvent event(Row row) {
    return new OrderEvent(
        row.instant("at"),
        row.text("event"),
        OrderStatus.of(row.text("status")),
        new Cause(row.text("actor"), row.text("request_id"), row.text("trace_id")),
        row.text("detail"),
        Optional.ofNullable(row.text("step")).map(step -> note(step, row)));
  }

  private static SagaNote note(String step, Row row) {
    return new SagaNote(
        Duty.Kind.valueOf(step.toUpperCase(Locale.ROOT)),
        SagaNote.Phase.of(row.text("phase")),
        (int) row.number("attempt"),
        row.text("step_key"));
  }
}
