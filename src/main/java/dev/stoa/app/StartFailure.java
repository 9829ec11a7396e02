package dev.stoa.app;

import java.net.BindException;

/** A part of the system could not start; the message is for the person who started the process. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what a role, or the management port
   * @param address where it was to listen
   */
  StartFailure(String what, String address, Throwable cause) {
    super(
        what
            + " did not start: "
            + (cause instanceof BindException ? "cannot listen on " + address + ": " : "")
            + cause.getMessage(),
        cause);
  }
}
