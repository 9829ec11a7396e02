package dev.stoa.resilience;

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

  Attempt(Guard guard, Breaker.Permit permit, FailureKinds failures) {
    this.guard = guard;
    this.permit = permit;
    this.failures = failures;
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
    if (failed) {
      guard.failed();
      permit.failed();
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
