package dev.stoa.resilience;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Refuses calls to an upstream that has failed several times in a row, until a single call has
 * shown that it works again. Counting, states, probe and timers are those of vertx-circuit-breaker;
 * its traps are closed by giving each phase a breaker of its own: what a call of an earlier phase
 * reports late reaches only the breaker of that phase, which nobody asks any more. So a late
 * success cannot close what has opened since, and a late failure cannot spoil a probe.
 *
 * <p>Safe on any thread. While it is closed, a call costs one volatile read and a success one more;
 * only failures reach the library and its lock. Changes happen one after the other on a context of
 * its own.
 */
final class Breaker {

  /** Leave for one call. Whoever has it says exactly once how the call ended. */
  interface Permit {
    /** Of no breaker. */
    Permit NONE = new Permit() {};

    /** Leave where no breaker watches. */
    Optional<Permit> UNWATCHED = Optional.of(NONE);

    /** Whether the same call may be made again with it, without asking anew. */
    default boolean isGoodForAnother() {
      return false;
    }

    default void succeeded() {}

    default void failed() {}

    /** The same instance failed as the last time, and there are others: its failure, so far. */
    default void failedAgain() {}

    /** Nothing can be said about the upstream: the caller went away, or the call was never made. */
    default void ignored() {}
  }

  private final String name;
  private final Vertx vertx;
  private final Context context;
  private final Consumer<BreakerChange> listener;
  private final AtomicReference<BreakerPhase> phase = new AtomicReference<>();
  private volatile BreakerConfig config;

  /**
   * A closed breaker.
   *
   * @param context where changes happen; one that lives as long as the breaker
   * @param listener told of each change, on that context
   */
  Breaker(
      String name,
      Vertx vertx,
      Context context,
      BreakerConfig config,
      Consumer<BreakerChange> listener) {
    this.name = name;
    this.vertx = vertx;
    this.context = context;
    this.config = config;
    this.listener = listener;
    this.phase.set(new ClosedPhase(this));
  }

  /** Leave for one call; empty where it is refused. Allocates nothing while closed. */
  Optional<Permit> acquire() {
    return phase.get().acquire();
  }

  /** Whether a call would be refused now. */
  boolean refuses() {
    return phase.get().refuses();
  }

  BreakerState state() {
    return phase.get().state();
  }

  /** Since when it is in that state. */
  Instant since() {
    return phase.get().since();
  }

  /** Failures in a row that it remembers. */
  long failures() {
    return phase.get().failures();
  }

  /** How long calls will be refused at least; zero unless it is open. */
  Duration openFor() {
    return phase.get().openFor();
  }

  /**
   * From now on these settings. What is counted stays, though never enough to open by itself; what
   * is open stays so, as long as it was told to.
   */
  void configure(BreakerConfig next) {
    config = next;
    phase.get().configure();
  }

  /** There is reason to believe that the upstream is back: if it is open, one call may find out. */
  void tryNow() {
    context.runOnContext(v -> phase.get().tryNow());
  }

  String name() {
    return name;
  }

  Vertx vertx() {
    return vertx;
  }

  Context context() {
    return context;
  }

  BreakerConfig config() {
    return config;
  }

  boolean isIn(BreakerPhase one) {
    return phase.get() == one;
  }

  /** Puts {@code next} in the place of {@code current}, unless something else is there by now. */
  void advance(BreakerPhase current, BreakerPhase next) {
    if (phase.compareAndSet(current, next) && current.state() != next.state()) {
      announce(current.state(), next.state());
    }
  }

  /** Tells of a change within a phase. */
  void changed(BreakerPhase current, BreakerState from, BreakerState to) {
    if (phase.get() == current) {
      announce(from, to);
    }
  }

  private void announce(BreakerState from, BreakerState to) {
    listener.accept(new BreakerChange(name, from, to, openFor(), Instant.now()));
  }
}
