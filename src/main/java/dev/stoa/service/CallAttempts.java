package dev.stoa.service;

import dev.stoa.resilience.Deadline;
import io.vertx.core.Future;

/** Makes attempts at one call over one transport. */
@FunctionalInterface
interface CallAttempts {

  /** One more attempt; fails with {@link CallFailed} where there is no answer. */
  Future<Arrived> attempt(Deadline deadline);

  /** Where the last attempt was made; empty where nobody knows. */
  default String instance() {
    return "";
  }

  /** Whether there are instances in good order beside those that were tried. */
  default boolean others() {
    return false;
  }
}
