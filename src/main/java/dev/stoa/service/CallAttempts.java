package dev.stoa.service;

import dev.stoa.observability.Span;
import dev.stoa.resilience.Deadline;
import io.vertx.core.Future;

/** Makes attempts at one call over one transport. */
@FunctionalInterface
interface CallAttempts {

  /**
   * One more attempt; fails with {@link CallFailed} where there is no answer.
   *
   * @param span what it is in a trace, to be handed on
   */
  Future<Arrived> attempt(Deadline deadline, Span span);

  /** Where the last attempt was made; empty where nobody knows. */
  default String instance() {
    return "";
  }

  /** Whether there are instances in good order beside those that were tried. */
  default boolean others() {
    return false;
  }
}
