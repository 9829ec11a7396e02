package dev.stoa.upstream;

/** What an answer says of its connection's further life (RFC 9112, section 9.3). */
final class KeepAlive {
  private static final String TIMEOUT = "timeout=";

  private KeepAlive() {}

  static boolean of(boolean http10, Fields fields) {
    boolean keeps = !http10;
    for (int i = 0; i < fields.size(); i++) {
      if (isConnection(fields.name(i))) {
        String value = fields.value(i);
        if (mentions(value, "close")) {
          return false;
        }
        keeps |= mentions(value, "keep-alive");
      }
    }
    return keeps;
  }

  private static boolean isConnection(String name) {
    return name.length() == 10 && name.equalsIgnoreCase("Connection");
  }

  private static boolean mentions(String list, String token) {
    int at = list.length() < token.length() ? -1 : 0;
    while (at >= 0 && at < list.length()) {
      int comma = list.indexOf(',', at);
      int end = comma < 0 ? list.length() : comma;
      if (list.substring(at, end).strip().equalsIgnoreCase(token)) {
        return true;
      }
      at = comma < 0 ? -1 : comma + 1;
    }
    return false;
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
