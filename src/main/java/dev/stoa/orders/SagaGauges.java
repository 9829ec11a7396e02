package dev.stoa.orders;

import dev.stoa.observability.Board;
import dev.stoa.observability.Sample;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.Row;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the orders amid a step, for the metrics. Those that merely wait for their payment are not
 * among them: they may be many, and nothing is to be done for them.
 */
final class SagaGauges {
  private static final String RUNNING = "running";
  private static final String ATTENTION = "attention";

  private final Database database;
  private final Board board;

  SagaGauges(Database database, Board board) {
    this.database = database;
    this.board = board;
  }

  /** Looks once. */
  Future<Void> look() {
    return database
        .read(
            """
            SELECT duty, CASE WHEN attention IS NULL THEN 'running' ELSE 'attention' END AS state,
                   COUNT(*) AS orders
            FROM orders WHERE duty IS NOT NULL AND duty <> 'EXPIRE'
            GROUP BY duty, CASE WHEN attention IS NULL THEN 'running' ELSE 'attention' END""")
        .onSuccess(found -> board.tell("orders", samples(found.rows())))
        .mapEmpty();
  }

  /** Nobody looks any more. */
  void close() {
    board.forget("orders");
  }

  private static List<Sample> samples(List<Row> rows) {
    Map<List<String>, Long> counts = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    for (Duty.Kind kind : Duty.Kind.values()) {
      if (kind.isStep()) {
        counts.put(List.of(kind.text(), RUNNING), 0L);
        counts.put(List.of(kind.text(), ATTENTION), 0L);
      }
    }
    rows.forEach(
        row ->
            counts.put(
                List.of(Duty.Kind.valueOf(row.text("duty")).text(), row.text("state")),
                row.number("orders")));
    List<Sample> samples = new ArrayList<>();
    counts.forEach((labels, count) -> samples.add(new Sample(count, labels)));
    return samples;
  }
}
