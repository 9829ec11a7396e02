package dev.stoa.app;

/** What a shell learns: the numbers of sysexits.h where one fits. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;

  /** What was asked about would be refused. */
  static final int REFUSED = 3;

  /** Ended by SIGTERM, as a shell says it, and not all was waited for. */
  static final int HURRIED = 128 + 15;

  /** The command line or the configuration is wrong. */
  static final int CONFIGURATION = 64;

  /** What is to be drilled does not start: nothing was found out. */
  static final int UNAVAILABLE = 69;

  private ExitCode() {}
}
