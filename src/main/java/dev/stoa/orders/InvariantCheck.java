package dev.stoa.orders;

import dev.stoa.orders.InvariantReport.Violation;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the promises about stock and money hold, across the three services and while they
 * work. Orders, reservations and payments are read range by range of order ids and compared; what
 * does not agree may have been on its way between two reads, and so is looked at again, twice,
 * before it counts. One round at a time; all on the service's event loop.
 */
final class InvariantCheck {
  private static final Logger LOG = LoggerFactory.getLogger(InvariantCheck.class);

  private final Supplier<InvariantRound> rounds;
  private final Consumer<InvariantSnapshot> observer;
  private Future<InvariantReport> running = Future.failedFuture("none yet");
  private InvariantReport last;

  InvariantCheck(Supplier<InvariantRound> rounds, Consumer<InvariantSnapshot> observer) {
    this.rounds = rounds;
    this.observer = observer;
  }

  /** What the last round found; empty before the first. */
  Optional<InvariantReport> last() {
    return Optional.ofNullable(last);
  }

  /**
   * A round over all products and all orders after that one. Joins the running round if there is
   * one. Fails where a service is away.
   */
  Future<InvariantReport> run(String after) {
    if (running.isComplete()) {
      running = rounds.get().run(after).onSuccess(this::keep);
    }
    return running;
  }

  private void keep(InvariantReport report) {
    if (report.ok() != last().map(InvariantReport::ok).orElse(true)) {
      LOG.info("Invariants {}", report.ok() ? "hold again" : "are broken");
    }
    for (Violation violation : report.violations()) {
      LOG.error("Invariant broken: {}: {}", violation.subject(), violation.detail());
    }
    last = report;
    observer.accept(report.snapshot());
  }
}
