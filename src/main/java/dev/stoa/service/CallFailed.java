package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.resilience.Failure;

/** A call that got no answer: how it failed, and what its caller is told. No stack trace. */
final class CallFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure kind;
  private final transient ProblemException problem;

  /**
   * A failed attempt.
   *
   * @param kind null where it says nothing about the service
   */
  CallFailed(Failure kind, ProblemException problem) {
    super(problem.getMessage(), null, false, false);
    this.kind = kind;
    this.problem = problem;
  }

  Failure kind() {
    return kind;
  }

  ProblemException problem() {
    return problem;
  }
}
