package dev.stoa.resilience;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * The retries of one request: as many as the policy allows, as the upstream's budget has left, and
 * as fit before the deadline. Whether the request may be sent again at all is its sender's to know.
 * For one thread.
 */
public final class Retries {
  private final Guard guard;
  private final RetryPolicy policy;
  private final Deadline deadline;
  private int used;

  Retries(Guard guard, RetryPolicy policy, Deadline deadline) {
    this.guard = guard;
    this.policy = policy;
    this.deadline = deadline;
  }

  /**
   * Whether to try again after a failure, and if so how many nanoseconds from now.
   *
   * @param elsewhere whether another instance is at hand: one that had no connection need not be
   *     waited for
   */
  public OptionalLong after(Failure failure, boolean elsewhere) {
    boolean atOnce = elsewhere && failure == Failure.CONNECT;
    return policy.on().counts(failure) ? next(atOnce, Duration.ZERO) : OptionalLong.empty();
  }

  /**
   * Whether to try again after such an answer, and if so how many nanoseconds from now.
   *
   * @param retryAfter what the upstream asks for
   */
  public OptionalLong after(int status, Duration retryAfter) {
    return policy.on().counts(status) ? next(false, retryAfter) : OptionalLong.empty();
  }

  /** Takes one for an attempt beside another that is still under way. */
  public boolean hedge() {
    return guard.takeRetry();
  }

  /** How many attempts were made beside the first. */
  public int used() {
    return used;
  }

  private OptionalLong next(boolean atOnce, Duration atLeast) {
    if (used >= policy.maxRetries()) {
      return OptionalLong.empty();
    }
    long wait = atOnce ? 0 : policy.delayNanos(used + 1);
    wait = Math.max(wait, atLeast.toNanos());
    if (wait >= deadline.remainingNanos() || !guard.takeRetry()) {
      return OptionalLong.empty();
    }
    used++;
    return OptionalLong.of(wait);
  }
}
