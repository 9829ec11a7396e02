package dev.stoa.persistence;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/** What callers hear of a database that cannot do their work now. */
final class Refusals {
  private Refusals() {}

  static ProblemException overloaded() {
    return new ProblemException(ProblemType.OVERLOADED, "The database has too much work waiting.")
        .withHeader("Retry-After", "1");
  }

  static ProblemException contended() {
    return new ProblemException(
            ProblemType.OVERLOADED, "Too many others are at the same rows of the database.")
        .withHeader("Retry-After", "1");
  }

  static ProblemException away() {
    return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "The database is not available.")
        .withHeader("Retry-After", "1");
  }
}
