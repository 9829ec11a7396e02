package dev.stoa.edge;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells whether an event loop is too far behind to begin with another request. What has come while
 * the loop was busy is read in one turn of it, and what is read late in a turn has waited that long
 * at least. A short queue is how a burst is taken; a queue that stays is a queue for nothing
 * (Nichols and Jacobson, "Controlling Queue Delay", 2012). So a request may wait for the interval
 * as long as the loop has caught up within the last one, and else for the target alone (as in
 * Maurer, "Fail at Scale", 2015).
 *
 * <p>The first {@value #ALWAYS} requests of a turn are always admitted: with so few there is no
 * queue of requests, whatever else keeps the loop from its work (a machine that is busy otherwise,
 * a garbage collection). It is {@value #ALWAYS_WHILE_COLD} until {@value #COLD} requests have been
 * admitted: what is still interpreted is slow for a moment, which sending clients away would only
 * prolong. For one event loop; costs one look at the clock for a request, and one task for a turn.
 */
public final class ControlledDelay {
  static final int ALWAYS = 32;
  static final int ALWAYS_WHILE_COLD = 256;
  static final int COLD = 10_000;

  private final Supplier<OverloadLimits> limits;
  private final Consumer<Runnable> afterTurn;
  private final LongSupplier clock;
  private int cold;
  private boolean inTurn;
  private int read;
  private long turnBegan;
  private long turnEnded;
  private long caughtUp;

  /**
   * For a loop that has nothing to do yet.
   *
   * @param afterTurn runs a task when the loop has read what is there now
   */
  public ControlledDelay(Supplier<OverloadLimits> limits, Consumer<Runnable> afterTurn) {
    this(limits, afterTurn, System::nanoTime, COLD);
  }

  ControlledDelay(
      Supplier<OverloadLimits> limits,
      Consumer<Runnable> afterTurn,
      LongSupplier nanoClock,
      int cold) {
    this.cold = cold;
    this.limits = limits;
    this.afterTurn = afterTurn;
    this.clock = nanoClock;
    this.turnEnded = nanoClock.getAsLong();
    this.caughtUp = turnEnded;
  }

  /** Whether to begin with the request that has just been read. */
  public boolean admits() {
    OverloadLimits now = limits.get();
    if (!now.enabled()) {
      return true;
    }
    long time = clock.getAsLong();
    if (!inTurn) {
      begin(time, now);
    }
    read++;
    boolean behind = time - caughtUp > now.interval().toNanos();
    long patience = (behind ? now.target() : now.interval()).toNanos();
    boolean admits = read <= always() || time - turnBegan <= patience;
    if (admits && cold > 0) {
      cold--;
    }
    return admits;
  }

  private int always() {
    return cold > 0 ? ALWAYS_WHILE_COLD : ALWAYS;
  }

  private void begin(long time, OverloadLimits now) {
    inTurn = true;
    read = 0;
    turnBegan = time;
    if (time - turnEnded > now.interval().toNanos()) {
      caughtUp = time; // nobody has asked for anything in the meantime
    }
    afterTurn.accept(this::end);
  }

  private void end() {
    inTurn = false;
    turnEnded = clock.getAsLong();
    if (turnEnded - turnBegan <= limits.get().target().toNanos()) {
      caughtUp = turnEnded;
    }
  }
}
