package dev.stoa.upstream;

/** What an answer says of its connection's further life (RFC 9112, section 9.3). */
final class KeepAlive {
  private static final String TIMEOUT = "timeout=";

  private KeepAlive() {}

  static boolean of(boolean http10, Fields fields) {
    return !fields.mentions("Connection", "close")
        && (!http10 || fields.mentions("Connection", "keep-alive"));
  }

  /** How long the server says that it keeps an idle connection; very long where it does not. */
  static int seconds(Fields fields) {
    String field = fields.get("Keep-Alive");
    int at = field == null ? -1 : field.indexOf(TIMEOUT);
    if (at < 0) {
      return Integer.MAX_VALUE;
    }
    int seconds = 0;
    for (int i = at + TIMEOUT.length(); i < field.length() && seconds < 1_000_000; i++) {
      int digit = Character.digit(field.charAt(i), 10);
      if (digit < 0) {
        break;
      }
      seconds = 10 * seconds + digit;
    }
    return seconds;
  }
}
