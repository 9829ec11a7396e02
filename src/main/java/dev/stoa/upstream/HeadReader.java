package dev.stoa.upstream;

import dev.stoa.http.Octets;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * Reads the head of an answer, or its trailers, in one pass over octets that are there whole or not
 * (RFC 9112, sections 4 and 5). Lines end with CR and LF; nothing is folded; what would let two
 * readers differ about where the answer ends is refused. For one event loop.
 */
final class HeadReader {
  static final int MORE = -1;
  static final long UNKNOWN = -1;
  private static final int MAX_FIELDS = 256;
  private static final int MAX_LENGTH_DIGITS = 18;
  private static final int STATUS_LINE = "HTTP/1.1 200".length();
  private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final int NAMES = 256;
  private static final int LONGEST_KEPT = 64;
  private static final int FEW_VALUES = 16;

  private final String[] names = new String[NAMES]; // seen before; most answers have the same
  private final String[] values = new String[FEW_VALUES]; // of the answer before, by their place
  private int status;
  private String reason;
  private boolean http10;
  private Fields fields;
  private long length;
  private boolean chunked;

  /** Reads a head; answers where it ends, or {@link #MORE} where it is not all there. */
  int head(byte[] octets, int end) {
    fields = new Fields();
    length = UNKNOWN;
    chunked = false;
    int line = statusLine(octets, end);
    return line < 0 ? MORE : fields(octets, line, end, true);
  }

  /** The same of trailers. */
  int trailers(byte[] octets, int end) {
    if (end >= 2 && octets[0] == '\r' && octets[1] == '\n') {
      fields = null;
      return 2;
    }
    fields = new Fields();
    return fields(octets, 0, end, false);
  }

  private int statusLine(byte[] octets, int end) {
    int known = Math.min(end, VERSION.length);
    for (int i = 0; i < known; i++) {
      must(octets[i] == VERSION[i], "This is no answer of HTTP/1.");
    }
    if (end < STATUS_LINE + 2) {
      return MORE;
    }
    byte minor = octets[VERSION.length];
    must((minor == '1' || minor == '0') && octets[8] == ' ', "The version is not supported.");
    http10 = minor == '0';
    must(
        octets[9] >= '1' && isDigit(octets[9]) && isDigit(octets[10]) && isDigit(octets[11]),
        "The status is no number of three digits.");
    status = (octets[9] - '0') * 100 + (octets[10] - '0') * 10 + octets[11] - '0';
    int at = STATUS_LINE;
    if (octets[at] == ' ') {
      at++;
    } else {
      must(octets[at] == '\r', "The status is no number of three digits.");
    }
    int reasonEnd = Octets.VALUE.endOf(octets, at, end);
    reason = reason(octets, at, reasonEnd);
    return lineEnd(octets, reasonEnd, end);
  }

  private String reason(byte[] octets, int from, int to) {
    String usual = HttpResponseStatus.valueOf(status).reasonPhrase();
    return is(usual, octets, from, to)
        ? usual
        : new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  /** Where the line after this end of one begins. */
  private static int lineEnd(byte[] octets, int at, int end) {
    if (at >= end) {
      return MORE;
    }
    must(octets[at] == '\r', "A line holds a control character.");
    if (at + 1 >= end) {
      return MORE;
    }
    must(octets[at + 1] == '\n', "A line must end with CR and LF.");
    return at + 2;
  }

  private int fields(byte[] octets, int from, int end, boolean framing) {
    int at = from;
    while (at < end && octets[at] != '\r') {
      int nameEnd = at;
      int hash = 0;
      while (nameEnd < end && Octets.TOKEN.has(octets[nameEnd])) {
        hash = 31 * hash + octets[nameEnd++];
      }
      int colon = pastBlanks(octets, nameEnd, end); // a blank there is not passed on (5.1)
      if (colon == end) {
        return MORE;
      }
      must(octets[colon] == ':' && nameEnd > at, "A header field has no name, or is folded.");
      int value = pastBlanks(octets, colon + 1, end);
      int valueEnd = Octets.VALUE.endOf(octets, value, end);
      int next = lineEnd(octets, valueEnd, end);
      if (next < 0) {
        return MORE;
      }
      while (valueEnd > value && Octets.isBlank(octets[valueEnd - 1])) {
        valueEnd--;
      }
      add(name(octets, at, nameEnd, hash), value(octets, value, valueEnd), framing);
      at = next;
    }
    return lineEnd(octets, at, end);
  }

  private static int pastBlanks(byte[] octets, int from, int end) {
    int at = from;
    while (at < end && Octets.isBlank(octets[at])) {
      at++;
    }
    return at;
  }

  private String name(byte[] octets, int from, int to, int hash) {
    int slot = (hash ^ hash >>> 8) & NAMES - 1;
    String seen = names[slot];
    if (seen == null || !is(seen, octets, from, to)) {
      seen = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
      names[slot] = to - from <= LONGEST_KEPT ? seen : null;
    }
    return seen;
  }

  private String value(byte[] octets, int from, int to) {
    int place = fields.size();
    boolean kept = place < FEW_VALUES && to - from <= LONGEST_KEPT;
    if (kept && values[place] != null && is(values[place], octets, from, to)) {
      return values[place];
    }
    String value = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    if (kept) {
      values[place] = value;
    }
    return value;
  }

  private static boolean is(String text, byte[] octets, int from, int to) {
    if (text.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i - from) != (octets[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private void add(String name, String value, boolean framing) {
    must(fields.size() < MAX_FIELDS, "There are too many header fields.");
    String text = value;
    if (framing && name.length() == 14 && name.equalsIgnoreCase("Content-Length")) {
      must(length == UNKNOWN && isLength(value), "There must be one plain Content-Length.");
      length = Long.parseLong(value);
      text = value.startsWith("0") ? Long.toString(length) : value;
    } else if (framing && name.length() == 17 && name.equalsIgnoreCase("Transfer-Encoding")) {
      must(
          !chunked && !http10 && value.equalsIgnoreCase("chunked"),
          "The only transfer coding taken is chunked.");
      chunked = true;
    }
    must(!chunked || length == UNKNOWN, "There is a Content-Length beside a Transfer-Encoding.");
    fields.add(name, text);
  }

  private static boolean isLength(String value) {
    int digits = value.length();
    boolean plain = digits > 0 && digits <= MAX_LENGTH_DIGITS;
    for (int i = 0; plain && i < digits; i++) {
      plain = value.charAt(i) >= '0' && value.charAt(i) <= '9';
    }
    return plain;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  boolean http10() {
    return http10;
  }

  /** Those of what was read last; null where trailers have none. */
  Fields fields() {
    return fields;
  }

  /** The length that the head tells of its body, or {@link #UNKNOWN}. */
  long length() {
    return length;
  }

  boolean chunked() {
    return chunked;
  }

  private static void must(boolean holds, String otherwise) {
    MalformedAnswerException.unless(holds, otherwise);
  }
}
