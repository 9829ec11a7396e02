package dev.stoa.orders;

import dev.stoa.orders.InvariantReport.Violation;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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

  private final Function<String, Future<InvariantReport>> rounds;
  private final Consumer<InvariantSnapshot> observer;
  private Future<InvariantReport> running = Future.failedFuture("none yet");
  private InvariantReport last;
  private boolean held = true;

  /**
   * Has looked at nothing yet.
   *
   * @param rounds looks at all products and at the orders after one, as far as time allows
   * @param observer hears of each look at everything
   */
  InvariantCheck(
      Function<String, Future<InvariantReport>> rounds, Consumer<InvariantSnapshot> observer) {
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
      running = rounds.apply(after).onSuccess(report -> keep(report, after));
    }
    return running;
  }

  private void keep(InvariantReport report, String after) {
    for (Violation violation : report.violations()) {
      LOG.error("Invariant broken: {}: {}", violation.subject(), violation.detail());
    }
    last = report;
    if (after.isEmpty() && report.stoppedAfter == null) {
      tell(report.snapshot());
    }
  }

  /** Looks at everything, in as many rounds as it takes: the newest orders come last. */
  Future<Void> runAll() {
    return running.otherwiseEmpty().compose(idle -> run("")).compose(this::goOn);
  }

  private Future<Void> goOn(InvariantReport first) {
    return first.stoppedAfter == null
        ? Future.succeededFuture()
        : goOn(first.stoppedAfter, first.snapshot());
  }

  private Future<Void> goOn(String after, InvariantSnapshot before) {
    return running
        .otherwiseEmpty()
        .compose(idle -> run(after))
        .compose(
            report -> {
              InvariantSnapshot all = report.snapshot().with(before);
              if (report.stoppedAfter != null) {
                return goOn(report.stoppedAfter, all);
              }
              tell(all);
              return Future.succeededFuture();
            });
  }

  private void tell(InvariantSnapshot snapshot) {
    boolean hold = snapshot.violations() == 0;
    if (hold != held) {
      LOG.info("Invariants {}", hold ? "hold again" : "are broken");
    }
    held = hold;
    observer.accept(snapshot);
  }
}
