package dev.stoa.persistence;

/**
 * A row of the same unique key is there already. No stack trace: callers turn it into an answer.
 */
public final class UniqueViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UniqueViolation(String message) {
    super(message, null, false, false);
  }
}
