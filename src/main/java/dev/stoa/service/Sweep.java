package dev.stoa.service;

import dev.stoa.lease.Leases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attends to work of a service that nobody else attends to any more: what a process was at that is
 * gone, and what was not done in time. Safe beside others, as far as attending to the same twice
 * is. Used on the event loop of its service.
 */
public final class Sweep<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int BATCH = 100;

  /** So many at once: one that hangs does not hold up the others. */
  private static final int LANES = 16;

  /** Where such work is found. */
  public interface Backlog<T> {

    /** What nobody has attended to in time, the longest waiting first. */
    Future<List<T>> neglected(Instant now, int limit);

    /** What is left to do at which no process is any more, by id. */
    Future<List<T>> unfinished(String after, int limit);
  }

  private final String name;
  private final Backlog<T> backlog;
  private final Function<T, String> id;
  private final Function<T, Future<Void>> attend;
  private final InstantSource clock;

  /**
   * A sweep that looks when it is told to, or {@linkplain #start again and again}.
   *
   * @param name what is swept, for the log: {@code orders}
   * @param attend does what is left to do for one, or puts it off; never fails
   */
  public Sweep(
      String name,
      Backlog<T> backlog,
      Function<T, String> id,
      Function<T, Future<Void>> attend,
      InstantSource clock) {
    this.name = name;
    this.backlog = backlog;
    this.id = id;
    this.attend = attend;
    this.clock = clock;
  }

  /** Sweeps at once and from then on, until the answer is stopped; where this process is to. */
  public Periodic start(Vertx vertx, Leases leases, Supplier<Duration> pause) {
    Supplier<Future<Void>> round = leases.whileHeld(this::round);
    round.get().onFailure(failure -> LOG.warn("Not all {} taken up", name, failure));
    return Periodic.start(vertx, "sweep of " + name, pause, round);
  }

  private Future<Void> round() {
    return resume().compose(done -> run());
  }

  /** Attends to what has waited for too long; to so much at most. */
  public Future<Void> run() {
    return backlog.neglected(clock.instant(), BATCH).compose(this::attendToAll);
  }

  /** Attends to all that a process was at which is gone. */
  public Future<Void> resume() {
    return resume("");
  }

  private Future<Void> resume(String after) {
    return backlog
        .unfinished(after, BATCH)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture();
              }
              LOG.info("Taking up {} {} that were left unfinished", found.size(), name);
              String last = id.apply(found.get(found.size() - 1));
              return attendToAll(found).compose(done -> resume(last));
            });
  }

  private Future<Void> attendToAll(List<T> found) {
    List<Future<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Math.min(LANES, found.size()); lane++) {
      Future<Void> chain = Future.succeededFuture();
      for (int i = lane; i < found.size(); i += LANES) {
        T next = found.get(i);
        chain = chain.compose(done -> attend.apply(next));
      }
      lanes.add(chain);
    }
    return Future.join(lanes).mapEmpty();
  }
}
