package dev.stoa.resilience;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One attempt at an upstream, under way with the leave of its {@link Guard}. Whoever makes it says
 * how it ended; the first word counts and gives the place back. For one thread.
 */
public final class Attempt {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final Guard guard;
  private final Attempts request;
  private final Breaker.Permit leave;
  private final FailureKinds failures;
  private long sentAt = System.nanoTime();
  private boolean over;
  private String instance = "";
  private BooleanSupplier others = () -> false;

  Attempt(Guard guard, Attempts request, Breaker.Permit leave, FailureKinds failures) {
    this.guard = guard;
    this.request = request;
    this.leave = leave;
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

  /**
   * The upstream has begun to answer.
   *
   * @param retryAfter what the answer asks for; zero where it asks for nothing
   */
  public void answered(int status, Duration retryAfter) {
    if (!end()) {
      return;
    }
    boolean overload = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
    long now = System.nanoTime();
    guard.answered(now - sentAt, overload, now);
    boolean putOff = overload && !retryAfter.isZero();
    if (putOff) {
      guard.quiet(retryAfter);
    }
    if (failures.counts(status, putOff)) {
      request.failed(this);
    } else if (putOff) {
      request.putOff();
    } else {
      request.succeeded(this);
    }
  }

  public void failed(Failure failure) {
    if (end()) {
      if (failure == Failure.TIMEOUT) {
        guard.timedOut();
      }
      if (failures.counts(failure)) {
        request.failed(this);
      } else {
        request.ignored();
      }
    }
  }

  /** It ended for a reason that is not the upstream's. */
  public void ignored() {
    if (end()) {
      request.ignored();
    }
  }

  Breaker.Permit leave() {
    return leave;
  }

  /** Whether its failure is the upstream's, rather than again that of one instance among others. */
  boolean isUpstreams() {
    return guard.failed(instance, others.getAsBoolean());
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
