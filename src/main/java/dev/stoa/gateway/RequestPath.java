package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/**
 * The path of a request in the one spelling that is matched, checked and forwarded: percent-encoded
 * unreserved characters decoded, the hex digits of the others in upper case (RFC 3986, section
 * 6.2.2). What an upstream might read differently than we do is refused instead of repaired: dot
 * segments, empty segments, an encoded slash, backslash or control character.
 *
 * @param path starts with a slash
 * @param query the text behind the question mark exactly as the client sent it; null where there is
 *     none
 */
record RequestPath(String path, String query) {

  /**
   * Reads a request target in origin form (RFC 9112, section 3.2.1).
   *
   * @throws ProblemException MALFORMED_REQUEST
   */
  static RequestPath parse(String target) {
    if (target == null || target.isEmpty() || target.charAt(0) != '/') {
      throw refused("The request target must be a path.");
    }
    int mark = target.indexOf('?');
    String query = mark < 0 ? null : target.substring(mark + 1);
    if (query != null) {
      checkQuery(query);
    }
    String path = normalize(mark < 0 ? target : target.substring(0, mark));
    checkSegments(path);
    return new RequestPath(path, query);
  }

  /** Path and query as they stand in a request line. */
  String target() {
    return query == null ? path : path + '?' + query;
  }

  private static String normalize(String raw) {
    StringBuilder out = null; // stays null while nothing needed a change
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        if (out == null) {
          out = new StringBuilder(raw.length()).append(raw, 0, i);
        }
        appendEncoded(out, octet(raw, i));
        i += 2;
      } else if (isPlain(c) && c != '#' && c != '\\') {
        if (out != null) {
          out.append(c);
        }
      } else {
        throw refused("The path holds a character that must not stand in a path.");
      }
    }
    return out == null ? raw : out.toString();
  }

  private static void appendEncoded(StringBuilder out, int octet) {
    if (octet < 0x20 || octet == 0x7f || octet == '/' || octet == '\\') {
      throw refused("The path holds an encoded slash, backslash or control character.");
    }
    if (isUnreserved(octet)) {
      out.append((char) octet);
    } else {
      out.append('%').append(hex(octet >> 4)).append(hex(octet & 15));
    }
  }

  private static int octet(String raw, int percent) {
    int high = percent + 2 < raw.length() ? Character.digit(raw.charAt(percent + 1), 16) : -1;
    int low = high >= 0 ? Character.digit(raw.charAt(percent + 2), 16) : -1;
    if (low < 0) {
      throw refused("The path holds a percent sign that encodes nothing.");
    }
    return high << 4 | low;
  }

  private static void checkSegments(String path) {
    int start = 1;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (start == end && slash >= 0) {
        throw refused("The path holds an empty segment.");
      }
      if (isDots(path, start, end)) {
        throw refused("The path holds a dot segment.");
      }
      start = end + 1;
    }
  }

  /**
   * Whether a segment is "." or "..", be it with parameters ("..;x"), which some servers cut off.
   */
  private static boolean isDots(String path, int start, int end) {
    int i = start;
    while (i < end && path.charAt(i) == '.') {
      i++;
    }
    int dots = i - start;
    return (dots == 1 || dots == 2) && (i == end || path.charAt(i) == ';');
  }

  private static void checkQuery(String query) {
    for (int i = 0; i < query.length(); i++) {
      if (!isPlain(query.charAt(i)) || query.charAt(i) == '#') {
        throw refused("The query holds a character that must not stand in a query.");
      }
    }
  }

  private static boolean isPlain(char c) {
    return c > 0x20 && c < 0x7f;
  }

  private static boolean isUnreserved(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static char hex(int digit) {
    return "0123456789ABCDEF".charAt(digit);
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(ProblemType.MALFORMED_REQUEST, detail);
  }
}
