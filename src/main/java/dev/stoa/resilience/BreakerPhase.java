package dev.stoa.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A stretch in the life of a {@link Breaker}, with a breaker of the library to itself. */
sealed interface BreakerPhase permits ClosedPhase, OpenPhase {
  Optional<Breaker.Permit> acquire();

  boolean refuses();

  BreakerState state();

  Instant since();

  long failures();

  Duration openFor();

  /** The breaker has other settings now. */
  default void configure() {}

  /** Lets a call find out now rather than later; on the breaker's context. */
  default void tryNow() {}
}
