package dev.stoa.app;

import java.util.Locale;

/** One of the roles could not start; the message is for the person who started the process. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartFailure(Role role, Throwable cause) {
    super(role.name().toLowerCase(Locale.ROOT) + " did not start: " + cause.getMessage(), cause);
  }
}
