package dev.stoa.resilience;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * All attempts of one request at one upstream: as many as the policy allows, as the upstream's
 * budget has left, and as fit before the deadline. Whether the request may be sent again at all is
 * its sender's to know.
 *
 * <p>The breaker counts the request once, by how it ended: a success as soon as there is one, else,
 * once the sender says that {@linkplain #over no attempt follows} and none is under way, its last
 * failure. For one thread.
 */
public final class Attempts {
  private final Guard guard;
  private final RetryPolicy policy;
  private final Deadline deadline;
  private int used;
  private Breaker.Permit leave = Breaker.Permit.NONE; // of the latest
  private int running;
  private boolean last;
  private boolean counted;
  private Attempt failed; // the latest that did, and that nothing better has followed

  Attempts(Guard guard, RetryPolicy policy, Deadline deadline) {
    this.guard = guard;
    this.policy = policy;
    this.deadline = deadline;
  }

  /**
   * Asks for leave to make the next one; completes on the caller's context, at once where nobody
   * has to wait. Fails with a {@link dev.stoa.problem.ProblemException} and {@code Retry-After}:
   * SERVICE_UNAVAILABLE where the breaker is open, OVERLOADED where there is no place in time;
   * DEADLINE_EXCEEDED where it is too late.
   */
  public Future<Attempt> begin() {
    return guard.begin(this, deadline);
  }

  /** No attempt follows those that are under way. May be said again. */
  public void over() {
    last = true;
    settle();
  }

  /**
   * Whether to try again after a failure, and if so how many nanoseconds from now.
   *
   * @param elsewhere whether it would be at an instance that was not tried yet
   */
  public OptionalLong after(Failure failure, boolean elsewhere) {
    return policy.on().counts(failure) ? next(Duration.ZERO, elsewhere) : OptionalLong.empty();
  }

  /**
   * Whether to try again after such an answer, and if so how many nanoseconds from now.
   *
   * @param retryAfter what the instance asks for. It speaks for itself: another one is asked after
   *     the usual delay. Beyond the policy's longest delay nobody waits
   */
  public OptionalLong after(int status, Duration retryAfter, boolean elsewhere) {
    return counts(status) ? next(retryAfter, elsewhere) : OptionalLong.empty();
  }

  /** Whether an answer of such a status is one to try again after, if there is more to be had. */
  public boolean counts(int status) {
    return policy.on().counts(status);
  }

  /** Takes one for an attempt beside another that is still under way. */
  public boolean hedge() {
    return guard.takeHedge();
  }

  /** How many attempts were made beside the first, hedges apart. */
  public int used() {
    return used;
  }

  private OptionalLong next(Duration retryAfter, boolean elsewhere) {
    if (used >= policy.maxRetries()) {
      return OptionalLong.empty();
    }
    long asked = elsewhere ? 0 : Math.max(retryAfter.toNanos(), guard.quietNanos());
    long wait = Math.max(policy.delayNanos(used + 1), asked);
    boolean patient = asked <= policy.maxDelay().toNanos();
    if (!patient || wait >= deadline.remainingNanos() || !guard.takeRetry()) {
      return OptionalLong.empty();
    }
    used++;
    return OptionalLong.of(wait);
  }

  /** The leave of the attempt before, where it is good for another. */
  boolean hasLeave() {
    return leave.isGoodForAnother();
  }

  /** The breaker has given its leave. */
  Attempt began(Breaker.Permit given, FailureKinds failures) {
    leave = given;
    running++;
    return new Attempt(guard, this, given, failures);
  }

  Breaker.Permit leave() {
    return leave;
  }

  void succeeded(Attempt attempt) {
    running--;
    counted = true;
    attempt.leave().succeeded();
    forgo(attempt);
  }

  void failed(Attempt attempt) {
    running--;
    failed = attempt;
    settle();
  }

  /** The upstream asked for patience, in good order: that is neither a failure nor a success. */
  void putOff() {
    running--;
    failed = null;
    settle();
  }

  /** Nothing was learnt from one. */
  void ignored() {
    running--;
    settle();
  }

  private void settle() {
    if (!last || running > 0 || counted) {
      return;
    }
    if (failed == null) {
      leave.ignored();
      return; // one whose leave comes late may follow
    }
    counted = true;
    if (failed.isUpstreams()) {
      failed.leave().failed();
    } else {
      failed.leave().failedAgain();
    }
    forgo(failed);
  }

  /** Another attempt's leave may be that of a probe, of which nothing will be learnt now. */
  private void forgo(Attempt counting) {
    if (counting.leave() != leave) {
      leave.ignored();
    }
  }
}
