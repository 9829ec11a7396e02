package dev.stoa.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.orders.InvariantReport.Violation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the checker goes through more orders than one round has time for. */
class InvariantCheckTest {
  private final List<String> rounds = new ArrayList<>();
  private final List<InvariantSnapshot> told = new ArrayList<>();
  private final InvariantCheck check =
      new InvariantCheck(
          after -> {
            rounds.add(after);
            return Future.succeededFuture(round(after));
          },
          told::add);

  // Three rounds see all; the first finds something.
  private static InvariantReport round(String after) {
    InvariantReport report = new InvariantReport(Instant.EPOCH);
    report.endedAt = Instant.EPOCH;
    report.unsettled = 1;
    if (after.isEmpty()) {
      report.add(new Violation("order", "order:1", "is wrong"));
    }
    report.stoppedAfter =
        switch (after) {
          case "" -> "1";
          case "1" -> "2";
          default -> null;
        };
    return report;
  }

  @Test
  void goesOnUntilItHasSeenTheNewestOrder() {
    Future<Void> all = check.runAll();

    assertTrue(all.succeeded());
    assertEquals(List.of("", "1", "2"), rounds);
    assertEquals(1, told.size());
    assertEquals(1, told.get(0).violations());
    assertEquals(3, told.get(0).unsettled());
  }

  @Test
  void oneRoundOfManyIsNotTakenForAll() {
    Future<InvariantReport> part = check.run("1");

    assertEquals("2", part.result().stoppedAfter);
    assertTrue(told.isEmpty());
  }

  @Test
  void waitsForTheRoundOfSomebodyElse() {
    Promise<InvariantReport> slow = Promise.promise();
    List<String> asked = new ArrayList<>();
    InvariantCheck busy =
        new InvariantCheck(
            after -> {
              asked.add(after);
              return after.equals("5") ? slow.future() : Future.succeededFuture(round("2"));
            },
            told::add);

    busy.run("5");
    Future<Void> all = busy.runAll();
    assertEquals(List.of("5"), asked);
    slow.complete(round("2"));

    assertTrue(all.succeeded());
    assertEquals(List.of("5", ""), asked);
  }
}
