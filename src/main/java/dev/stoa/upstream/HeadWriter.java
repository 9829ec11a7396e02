package dev.stoa.upstream;

import dev.stoa.http.Octets;
import java.nio.charset.StandardCharsets;

/** Writes the head of a request. For one event loop. */
final class HeadWriter {
  private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int OF_LINE = VERSION.length + 1;
  private static final int OF_FIELD = 4; // ": " and the end of the line
  private static final int USUALLY = 4 * 1024;

  private byte[] octets = new byte[USUALLY];
  private int end;

  /**
   * Looks at a head before it is written.
   *
   * @throws IllegalArgumentException if this cannot stand in one
   */
  static void check(String method, String target, Fields fields) {
    boolean fits = isWord(Octets.TOKEN, method) && isWord(Octets.TARGET, target);
    for (int i = 0; fits && i < fields.size(); i++) {
      fits = isWord(Octets.TOKEN, fields.name(i)) && Octets.VALUE.make(fields.value(i));
    }
    if (!fits) {
      throw new IllegalArgumentException("This cannot stand in the head of a request.");
    }
  }

  private static boolean isWord(Octets kind, String text) {
    return !text.isEmpty() && kind.make(text);
  }

  /** Writes one that was {@linkplain #check checked}; answers its length. */
  int write(String method, String target, Fields fields) {
    int length = method.length() + target.length() + OF_LINE + 2;
    for (int i = 0; i < fields.size(); i++) {
      length += fields.name(i).length() + fields.value(i).length() + OF_FIELD;
    }
    if (octets.length < length) {
      octets = new byte[length];
    }
    end = 0;
    text(method);
    octets[end++] = ' ';
    text(target);
    System.arraycopy(VERSION, 0, octets, end, VERSION.length);
    end += VERSION.length;
    for (int i = 0; i < fields.size(); i++) {
      text(fields.name(i));
      octets[end++] = ':';
      octets[end++] = ' ';
      text(fields.value(i));
      line();
    }
    line();
    return end;
  }

  private void line() {
    octets[end++] = '\r';
    octets[end++] = '\n';
  }

  /** The low octet of each character: there is nothing above, as was checked. */
  @SuppressWarnings("deprecation")
  private void text(String text) {
    text.getBytes(0, text.length(), octets, end);
    end += text.length();
  }

  /** What was written last, from the beginning. */
  byte[] octets() {
    return octets;
  }
}
