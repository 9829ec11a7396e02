package dev.stoa.orders;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import java.util.EnumSet;
import java.util.Set;

/**
 * What came of a step that was asked for.
 *
 * @param failure null where it is done
 */
record StepOutcome(SagaNote.Phase phase, Throwable failure) {
  static final StepOutcome DONE = new StepOutcome(SagaNote.Phase.DONE, null);

  // What the other services say when they have understood and will not. Everything else, a refused
  // token as well as silence, leaves open what they did with an earlier copy of the request.
  private static final Set<ProblemType> REFUSALS =
      EnumSet.of(
          ProblemType.CONFLICT,
          ProblemType.INSUFFICIENT_STOCK,
          ProblemType.UNKNOWN_PRODUCT,
          ProblemType.NOT_FOUND);

  static StepOutcome of(Throwable failure) {
    boolean refused =
        failure instanceof ProblemException problem && REFUSALS.contains(problem.type());
    return new StepOutcome(refused ? SagaNote.Phase.REFUSED : SagaNote.Phase.UNKNOWN, failure);
  }
}
