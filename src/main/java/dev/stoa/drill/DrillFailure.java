package dev.stoa.drill;

/** The drill itself could not go on: nothing is said about the promises. */
public final class DrillFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DrillFailure(String message, Throwable cause) {
    super(message, cause, false, false);
  }

  DrillFailure(String message) {
    this(message, null);
  }
}
