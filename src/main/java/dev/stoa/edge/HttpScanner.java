package dev.stoa.edge;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads the bytes of an HTTP/1 connection as RFC 9112 writes them and no more, to tell whether the
 * decoder behind it, an upstream behind that, or anything else could read them differently. It
 * keeps nothing of them but what frames a message ({@link Framing}). Most octets of a head stand in
 * a target, a name or a value among others of their kind: those are passed over in one go.
 *
 * <p>Netty's decoder, made for every server there is, unfolds obsolete line folding, takes any
 * blank for a space in the request line, skips control characters before it, takes {@code HTTP/7.3}
 * and {@code http/1.1} for versions, silently drops a {@code Content-Length} beside a {@code
 * Transfer-Encoding}, and ends the size of a chunk at the first thing that is no digit. After that
 * nobody can see it any more.
 */
final class HttpScanner {
  private static final int MAX_METHOD = 24;
  private static final int MAX_SIZE_DIGITS = 7;
  private static final int MAX_EXTENSION = 128;
  private static final int MAX_EXTENSIONS = 4 * 1024;
  private static final int MAX_EMPTY_LINES = 2;
  private static final String VERSION = "HTTP/1.";
  private static final String NO_TOKEN = "The name of a header field is no token.";
  private static final boolean[] TOKEN = new boolean[256];
  private static final boolean[] TARGET = new boolean[256];
  private static final boolean[] VALUE = new boolean[256];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c);
    }
    "!#$%&'*+-.^_`|~".chars().forEach(c -> TOKEN[c] = true);
    Arrays.fill(TARGET, ' ' + 1, 0x7f, true);
    Arrays.fill(VALUE, ' ', VALUE.length, true);
    VALUE[0x7f] = false;
    VALUE['\t'] = true;
  }

  private enum State {
    BEFORE,
    EMPTY_LF,
    METHOD,
    TARGET,
    VERSION,
    LINE_LF,
    FIELD,
    NAME,
    VALUE,
    FIELD_LF,
    HEAD_LF,
    BODY,
    SIZE,
    EXTENSION,
    SIZE_LF,
    CHUNK,
    CHUNK_CR,
    CHUNK_LF
  }

  private final byte[] window;
  private final Framing framing = new Framing();
  private State state = State.BEFORE;
  private boolean inTrailer;
  private int counted; // octets of what the state reads
  private int extensions;
  private long left; // of the body or the chunk
  private int position;
  private long heads;
  private long bodyBytes;

  /**
   * At the beginning of a connection.
   *
   * @param window room to look at some octets at a time. Nothing stays in it, so all connections of
   *     an event loop may have the same one
   */
  HttpScanner(byte[] window) {
    this.window = window;
  }

  /**
   * Reads what is readable, moving no index of the buffer.
   *
   * @throws ProblemException if this is not HTTP; {@link #position} is where
   */
  void scan(ByteBuf in) {
    int end = in.writerIndex();
    position = in.readerIndex();
    while (position < end) {
      if (isOfBody()) {
        skip((int) Math.min(left, end - position));
      } else {
        int length = Math.min(window.length, end - position);
        in.getBytes(position, window, 0, length);
        read(length);
      }
    }
  }

  /** Whether the next octet means nothing here. */
  private boolean isOfBody() {
    return state == State.BODY || state == State.CHUNK;
  }

  private void skip(int octets) {
    position += octets;
    left -= octets;
    bodyBytes += octets;
    if (left == 0) {
      state = state == State.BODY ? State.BEFORE : State.CHUNK_CR;
    }
  }

  /** Reads what is in the window, as far as no body begins. */
  private void read(int length) {
    int start = position;
    int at = 0;
    while (at < length && !isOfBody()) {
      at = passOver(at, length);
      position = start + at;
      if (at < length) {
        state = next(window[at] & 0xff);
        at++;
        position++;
      }
    }
  }

  /** The end of what leaves everything as it is. */
  private int passOver(int from, int length) {
    int end = from;
    switch (state) {
      case TARGET -> {
        end = endOf(TARGET, from, length);
        counted += end - from;
      }
      case NAME -> {
        end = endOf(TOKEN, from, length);
        framing.name(window, from, end);
      }
      case VALUE -> {
        end = endOf(VALUE, from, length);
        framing.value(window, from, end);
      }
      default -> {} // others are few
    }
    return end;
  }

  private int endOf(boolean[] kind, int from, int length) {
    int at = from;
    while (at < length && kind[window[at] & 0xff]) {
      at++;
    }
    return at;
  }

  /** Where the scan has stopped. */
  int position() {
    return position;
  }

  /** Whether a head has begun and is not complete. */
  boolean inHead() {
    return state != State.BEFORE && !inBody();
  }

  /** Whether a body has begun and is not complete. */
  boolean inBody() {
    return inTrailer || state.compareTo(State.BODY) >= 0;
  }

  /** Heads that were complete, so far. */
  long heads() {
    return heads;
  }

  /** Octets of bodies, so far. */
  long bodyBytes() {
    return bodyBytes;
  }

  private State next(int c) {
    return switch (state) {
      case BEFORE -> before(c);
      case METHOD -> method(c);
      case TARGET -> target(c);
      case VERSION -> version(c);
      case FIELD -> field(c);
      case NAME -> name(c);
      case VALUE -> value(c);
      case SIZE -> size(c);
      case EXTENSION -> extension(c);
      case CHUNK_CR -> must(c == '\r', State.CHUNK_LF, "A chunk is longer than it says.");
      case EMPTY_LF -> line(c, State.BEFORE);
      case LINE_LF, FIELD_LF -> line(c, State.FIELD);
      case CHUNK_LF -> startSize(line(c, State.SIZE));
      case SIZE_LF -> sized(c);
      case HEAD_LF -> headed(c);
      case BODY, CHUNK -> throw new IllegalStateException("bodies are not read by the octet");
    };
  }

  private State before(int c) {
    if (c == '\r') {
      counted++;
      return must(counted <= MAX_EMPTY_LINES, State.EMPTY_LF, "There are empty lines.");
    }
    counted = 1;
    return must(TOKEN[c], State.METHOD, "This is no request line.");
  }

  private State method(int c) {
    counted++;
    if (c == ' ') {
      counted = 0;
      return State.TARGET;
    }
    return must(TOKEN[c] && counted <= MAX_METHOD, State.METHOD, "This is no method.");
  }

  private State target(int c) {
    if (c == ' ' && counted > 0) {
      counted = 0;
      return State.VERSION;
    }
    throw malformed("The request target must be visible ASCII.");
  }

  private State version(int c) {
    if (counted < VERSION.length()) {
      return must(c == VERSION.charAt(counted++), State.VERSION, "The version is not supported.");
    }
    if (c == '\r' && counted > VERSION.length()) {
      inTrailer = false;
      return State.LINE_LF;
    }
    boolean minor = counted++ == VERSION.length() && (c == '0' || c == '1');
    framing.start(c == '0');
    return must(minor, State.VERSION, "The version is not supported.");
  }

  private State field(int c) {
    if (c == '\r') {
      return State.HEAD_LF;
    }
    must(c != ' ' && c != '\t', State.FIELD, "A header field is folded.");
    must(c != ':', State.FIELD, "A header field has no name.");
    must(TOKEN[c], State.FIELD, NO_TOKEN);
    framing.startField(c);
    return State.NAME;
  }

  private State name(int c) {
    if (c == ':') {
      framing.endName();
      return State.VALUE;
    }
    throw malformed(NO_TOKEN);
  }

  private State value(int c) {
    if (c == '\r') {
      framing.endField(inTrailer);
      return State.FIELD_LF;
    }
    throw malformed("A header field holds a control character.");
  }

  private State headed(int c) {
    line(c, State.BEFORE);
    counted = 0;
    if (inTrailer) {
      inTrailer = false;
      return State.BEFORE;
    }
    left = framing.bodyLength();
    heads++;
    if (framing.chunked()) {
      extensions = 0;
      return startSize(State.SIZE);
    }
    return left == 0 ? State.BEFORE : State.BODY;
  }

  private State startSize(State size) {
    counted = 0;
    left = 0;
    return size;
  }

  private State size(int c) {
    int digit = Character.digit(c, 16);
    if (digit >= 0 && c < 0x80) {
      left = left << 4 | digit;
      counted++;
      return must(counted <= MAX_SIZE_DIGITS, State.SIZE, "A chunk is too long.");
    }
    must(counted > 0 && (c == '\r' || c == ';'), State.SIZE, "The size of a chunk is no number.");
    counted = 0;
    return c == '\r' ? State.SIZE_LF : State.EXTENSION;
  }

  private State extension(int c) {
    if (c == '\r') {
      return State.SIZE_LF;
    }
    counted++;
    extensions++;
    must(
        counted <= MAX_EXTENSION && extensions <= MAX_EXTENSIONS,
        State.EXTENSION,
        "The chunk extensions are too long.");
    return must(
        c >= ' ' && c < 0x7f || c == '\t', State.EXTENSION, "A chunk extension is malformed.");
  }

  private State sized(int c) {
    line(c, State.CHUNK);
    if (left > 0) {
      return State.CHUNK;
    }
    inTrailer = true;
    return State.FIELD;
  }

  private static State line(int c, State next) {
    return must(c == '\n', next, "A line must end with CR and LF.");
  }

  private static State must(boolean holds, State next, String otherwise) {
    if (!holds) {
      throw malformed(otherwise);
    }
    return next;
  }

  private static ProblemException malformed(String why) {
    return new ProblemException(ProblemType.MALFORMED_REQUEST, why);
  }
}
