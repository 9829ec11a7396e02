package dev.stoa.edge;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the header fields of one HTTP/1 request say about where it ends and whose it is: the fields
 * over which two servers in a row can disagree (RFC 9112, sections 3.2 and 6). Anything but the one
 * plain form of each is refused.
 */
final class Framing {
  private static final int MAX_FIELDS = 100;
  private static final int LONGEST_NAME = 20;
  private static final int LONGEST_VALUE = 300;
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,17}");

  /**
   * Of drafts before RFC 6455: with both of them Netty reads eight octets that nothing announces.
   */
  private static final Set<String> UNSEEN_BODY = Set.of("sec-websocket-key1", "sec-websocket-key2");

  private static final Set<String> NEVER_IN_TRAILERS =
      Set.of("host", "content-length", "transfer-encoding", "authorization", "connection");
  private static final boolean[] WATCHED_LENGTHS = new boolean[LONGEST_NAME + 1];

  static {
    UNSEEN_BODY.forEach(name -> WATCHED_LENGTHS[name.length()] = true);
    NEVER_IN_TRAILERS.forEach(name -> WATCHED_LENGTHS[name.length()] = true);
  }

  private final byte[] name = new byte[LONGEST_NAME];
  private final byte[] value = new byte[LONGEST_VALUE];
  private int nameLength;
  private int valueLength;
  private String watched = "";
  private String goodHost; // of the request before, most often that of the next; null at first

  private boolean http10;
  private int fields;
  private int hosts;
  private long length;
  private boolean chunked;

  /** A request line was read. */
  void start(boolean isHttp10) {
    http10 = isHttp10;
    fields = 0;
    hosts = 0;
    length = -1;
    chunked = false;
  }

  /** A field whose name begins with this octet. */
  void startField(int c) {
    name[0] = (byte) c;
    nameLength = 1;
    fields++;
    if (fields > MAX_FIELDS) {
      throw new ProblemException(
          ProblemType.HEADERS_TOO_LARGE, "There may be " + MAX_FIELDS + " header fields.");
    }
  }

  /** More octets of the name. */
  void name(byte[] octets, int from, int end) {
    nameLength = append(octets, from, end, name, nameLength);
  }

  void endName() {
    valueLength = 0;
    watched =
        nameLength <= LONGEST_NAME && WATCHED_LENGTHS[nameLength]
            ? new String(name, 0, nameLength, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT)
            : "";
  }

  /** More octets of the value; only those of watched fields are of interest. */
  void value(byte[] octets, int from, int end) {
    if (!watched.isEmpty()) {
      valueLength = append(octets, from, end, value, valueLength);
    }
  }

  /** Keeps what there is room for and counts the rest; answers the new length. */
  private static int append(byte[] octets, int from, int end, byte[] to, int length) {
    int room = Math.min(end - from, to.length - length);
    if (room > 0) {
      System.arraycopy(octets, from, to, length, room);
    }
    return length + (end - from);
  }

  void endField(boolean inTrailer) {
    must(
        !isTakenForLength(watched), "The name of a header field is one letter off Content-Length.");
    if (inTrailer) {
      must(!NEVER_IN_TRAILERS.contains(watched), "A trailer field must not be in a trailer.");
      return;
    }
    must(!UNSEEN_BODY.contains(watched), "This form of WebSocket is not supported.");
    switch (watched) {
      case "host" -> host();
      case "content-length" -> contentLength();
      case "transfer-encoding" -> transferEncoding();
      default -> {}
    }
  }

  /** The decoder of Vert.x 5.0 does not look at the ninth letter of Content-Length. */
  private static boolean isTakenForLength(String name) {
    return name.length() == "content-length".length()
        && name.startsWith("content-")
        && name.endsWith("ength")
        && !name.equals("content-length");
  }

  private void host() {
    hosts++;
    String text = text();
    boolean wellFormed = text.equals(goodHost) || HOST.matcher(text).matches();
    must(hosts == 1 && wellFormed, "There must be one well-formed Host field.");
    goodHost = text;
  }

  private void contentLength() {
    must(length < 0 && LENGTH.matcher(text()).matches(), "There must be one plain Content-Length.");
    length = Long.parseLong(text());
  }

  private void transferEncoding() {
    must(
        !chunked && !http10 && text().equalsIgnoreCase("chunked"),
        "The only transfer coding taken is chunked.");
    chunked = true;
  }

  /** The value without the blanks around it. */
  private String text() {
    must(valueLength <= LONGEST_VALUE, "A header field is too long.");
    return new String(value, 0, valueLength, StandardCharsets.ISO_8859_1).strip();
  }

  /** The head is complete: the length of the body, as far as it is known. */
  long bodyLength() {
    must(!chunked || length < 0, "A body has either Content-Length or Transfer-Encoding.");
    must(hosts == 1 || http10, "There must be one well-formed Host field.");
    return Math.max(0, length);
  }

  boolean chunked() {
    return chunked;
  }

  private static void must(boolean holds, String otherwise) {
    if (!holds) {
      throw new ProblemException(ProblemType.MALFORMED_REQUEST, otherwise);
    }
  }
}
