package dev.stoa.service;

/**
 * What a handler fails with where an earlier attempt at the same {@link Work} was undone for good,
 * so that its id is used up: the work starts over, at once, under a new id. No stack trace: nobody
 * sees it.
 */
public final class WorkUndone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WorkUndone() {
    super("an earlier attempt was undone", null, false, false);
  }
}
