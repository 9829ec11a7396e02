package dev.stoa.discovery;

/** What went wrong with a registry, in a few words for operators. */
final class Failures {
  private static final int MAX_LENGTH = 200;

  private Failures() {}

  static String reason(Throwable cause) {
    String message = cause.getMessage();
    String reason =
        message == null || message.isBlank() ? cause.getClass().getSimpleName() : message.strip();
    String line = reason.replaceAll("\\s+", " ");
    return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
  }
}
