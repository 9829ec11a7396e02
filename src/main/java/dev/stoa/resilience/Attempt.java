package dev.stoa.resilience;

import java.util.function.BooleanSupplier;

/**
 * One attempt at an upstream, under way with the leave of its {@link Guard}. Whoever makes it says
 * how it ended; the first word counts and gives the place back. For one thread.
 */
public final class Attempt {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final Guard guard;
  private final Breaker.Permit permit;
  private final FailureKinds failures;
  private long sentAt = System.nanoTime();
  private boolean over;
  private String instance = "";
  private BooleanSupplier others = () -> false;

  Attempt(Guard guard, Breaker.Permit permit, FailureKinds failures) {
    this.guard = guard;
    this.permit = permit;
    this.failures = failures;
  }

  /**
   * Which instance it is made at. One that dies fails everything that is under way at it in one
   * moment; that must not look as if the whole upstream did.
   *
   * @param elsewhere whether there are others in good order; asked after a failure
   */
  public void at(String chosen, BooleanSupplier elsewhere) {
    instance = chosen;
    others = elsewhere;
  }

  /** The request has been handed over whole; from now on it is the upstream's time. */
  public void sent() {
    sentAt = System.nanoTime();
  }

  /** The upstream has begun to answer. */
  public void answered(int status) {
    if (end()) {
      boolean overload = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
      guard.answered(System.nanoTime() - sentAt, overload);
      settle(failures.counts(status));
    }
  }

  public void failed(Failure failure) {
    if (end()) {
      if (failure == Failure.TIMEOUT) {
        guard.answered(0, true);
      }
      if (failures.counts(failure)) {
        settle(true);
      } else {
        permit.ignored();
      }
    }
  }

  /** It ended for a reason that is not the upstream's. */
  public void ignored() {
    if (end()) {
      permit.ignored();
    }
  }

  private void settle(boolean failed) {
    if (failed && guard.failed(instance, others.getAsBoolean())) {
      permit.failed();
    } else if (failed) {
      permit.failedAgain();
    } else {
      permit.succeeded();
    }
  }

  private boolean end() {
    boolean first = !over;
    over = true;
    if (first) {
      guard.leave();
    }
    return first;
  }
}
