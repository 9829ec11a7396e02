package dev.stoa.app;

import java.net.BindException;
import java.util.Locale;

/** One of the roles could not start; the message is for the person who started the process. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param address where the role was to listen
   */
  StartFailure(Role role, String address, Throwable cause) {
    super(
        role.name().toLowerCase(Locale.ROOT)
            + " did not start: "
            + (cause instanceof BindException ? "cannot listen on " + address + ": " : "")
            + cause.getMessage(),
        cause);
  }
}
