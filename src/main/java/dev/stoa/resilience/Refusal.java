package dev.stoa.resilience;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/** What is told to whom nothing is done for. */
final class Refusal {
  private static final String RETRY_AFTER = "Retry-After";

  private Refusal() {}

  static ProblemException open(long seconds) {
    return new ProblemException(
            ProblemType.SERVICE_UNAVAILABLE, "The service has failed repeatedly and is left alone.")
        .withHeader(RETRY_AFTER, Long.toString(seconds));
  }

  static ProblemException overloaded() {
    return new ProblemException(
            ProblemType.OVERLOADED, "Too many requests are waiting for the service.")
        .withHeader(RETRY_AFTER, "1");
  }

  static ProblemException late() {
    return new ProblemException(
        ProblemType.DEADLINE_EXCEEDED, "The time for this request is over; nothing was done.");
  }
}
