package dev.stoa.service;

import dev.stoa.resilience.Deadline;
import io.vertx.core.Future;

/** Makes attempts at one call over one transport. */
@FunctionalInterface
interface CallAttempts {

  /** One more attempt; fails with {@link CallFailed} where there is no answer. */
  Future<Arrived> attempt(Deadline deadline);
}
