package dev.stoa.orders;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * How a step that does not succeed is tried again: section {@code orders.saga}.
 *
 * @param maxAttempts after so many in vain an operator has to look
 * @param baseDelay the pause after the first; doubled after each further one
 * @param maxDelay the longest pause
 */
public record SagaConfig(int maxAttempts, Duration baseDelay, Duration maxDelay) {
  static final SagaConfig DEFAULT =
      new SagaConfig(20, Duration.ofMillis(500), Duration.ofMinutes(2));

  static SagaConfig from(ConfigReader own) {
    return new SagaConfig(
        own.integer("max_attempts", DEFAULT.maxAttempts, 1, 1000),
        own.duration("base_delay", DEFAULT.baseDelay),
        own.duration("max_delay", DEFAULT.maxDelay));
  }

  /** The pause after that many attempts. */
  Duration pauseAfter(int attempts) {
    Duration pause = baseDelay.multipliedBy(1L << Math.min(Math.max(attempts, 1) - 1, 20));
    return pause.compareTo(maxDelay) > 0 ? maxDelay : pause;
  }
}
