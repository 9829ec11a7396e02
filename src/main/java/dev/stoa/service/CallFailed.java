package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.resilience.Failure;

/** A call that got no answer: how it failed, and what its caller is told. No stack trace. */
final class CallFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure kind;
  private final transient ProblemException problem;
  private final boolean outlier;

  /**
   * A failed attempt.
   *
   * @param kind null where it says nothing about the service
   * @param outlier whether the instance is left out for it, and the service not to blame
   */
  CallFailed(Failure kind, ProblemException problem, boolean outlier) {
    super(problem.getMessage(), null, false, false);
    this.kind = kind;
    this.problem = problem;
    this.outlier = outlier;
  }

  CallFailed(Failure kind, ProblemException problem) {
    this(kind, problem, false);
  }

  boolean outlier() {
    return outlier;
  }

  Failure kind() {
    return kind;
  }

  ProblemException problem() {
    return problem;
  }
}
