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

  /** Whether to try again after a failure, and if so how many nanoseconds from now. */
  public OptionalLong after(Failure failure) {
    return policy.on().counts(failure) ? next(Duration.ZERO) : OptionalLong.empty();
  }

  /**
   * Whether to try again after such an answer, and if so how many nanoseconds from now.
   *
   * @param retryAfter what the upstream asks for; beyond the policy's longest delay nobody waits
   */
  public OptionalLong after(int status, Duration retryAfter) {
    return policy.on().counts(status) && retryAfter.compareTo(policy.maxDelay()) <= 0
        ? next(retryAfter)
        : OptionalLong.empty();
  }

  /** Takes one for an attempt beside another that is still under way. */
  public boolean hedge() {
    return guard.takeRetry();
  }

  /** How many attempts were made beside the first. */
  public int used() {
    return used;
  }

  private OptionalLong next(Duration atLeast) {
    if (used >= policy.maxRetries()) {
      return OptionalLong.empty();
    }
    long wait = Math.max(policy.delayNanos(used + 1), atLeast.toNanos());
    if (wait >= deadline.remainingNanos() || !guard.takeRetry()) {
      return OptionalLong.empty();
    }
    used++;
    return OptionalLong.of(wait);
  }
}
