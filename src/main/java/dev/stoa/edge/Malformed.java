package dev.stoa.edge;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/** Refuses what is no HTTP/1 as it is to be written. */
final class Malformed {
  private Malformed() {}

  /**
   * Goes on where it is well-formed.
   *
   * @throws ProblemException with these words where it is not
   */
  static void unless(boolean holds, String otherwise) {
    if (!holds) {
      throw new ProblemException(ProblemType.MALFORMED_REQUEST, otherwise);
    }
  }

  /** The same of the second half of a line's end, after which is {@code next}. */
  static <S> S unlessLineFeed(int octet, S next) {
    unless(octet == '\n', "A line must end with CR and LF.");
    return next;
  }
}
