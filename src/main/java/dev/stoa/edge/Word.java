package dev.stoa.edge;

import dev.stoa.http.Octets;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A method, target, name or value while it is read. Most lie whole in the window; what began in one
 * before is kept until its end has come. Its length is bounded by whoever reads it.
 */
final class Word {
  private static final byte[] NOTHING = {};

  private byte[] kept = NOTHING;
  private int length; // of what is kept
  private int from; // in the window
  private byte[] octets = NOTHING;
  private int start;
  private int end;

  /** It begins there in the window. */
  void begin(int at) {
    from = at;
    length = 0;
  }

  /** The window ends before it does, and will be another's. */
  void keep(byte[] window, int until) {
    append(window, until);
    from = 0;
  }

  /** It is complete. */
  void end(byte[] window, int until) {
    if (length == 0) {
      octets = window;
      start = from;
      end = until;
    } else {
      append(window, until);
      octets = kept;
      start = 0;
      end = length;
    }
  }

  /** Holds nothing any more. */
  void forget() {
    kept = NOTHING;
    octets = NOTHING;
    length = 0;
  }

  private void append(byte[] window, int until) {
    int more = until - from;
    if (length + more > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(length + more, 2 * kept.length));
    }
    System.arraycopy(window, from, kept, length, more);
    length += more;
  }

  // The rest is for complete ones.

  int length() {
    return end - start;
  }

  int first() {
    return octets[start];
  }

  int last() {
    return octets[end - 1];
  }

  boolean is(byte[] others) {
    return Arrays.equals(octets, start, end, others, 0, others.length);
  }

  /** As it stands, an octet for a character. */
  String text() {
    return new String(octets, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** Without the blanks around it. */
  String value() {
    int first = start;
    int last = end;
    while (first < last && Octets.isBlank(octets[first])) {
      first++;
    }
    while (last > first && Octets.isBlank(octets[last - 1])) {
      last--;
    }
    return new String(octets, first, last - first, StandardCharsets.ISO_8859_1);
  }

  AsciiString ascii() {
    return new AsciiString(octets, start, end - start, true);
  }
}
