package dev.stoa.edge;

import dev.stoa.http.Octets;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/** Reads request lines, and the empty lines that may stand before one (RFC 9112, section 2.2). */
final class LineScanner {
  private static final int MAX_METHOD = 24;
  private static final int MAX_EMPTY_LINES = 2;
  private static final String VERSION = "HTTP/1.";

  private enum State {
    BEFORE,
    EMPTY_LF,
    METHOD,
    TARGET,
    VERSION,
    LINE_LF,
    COMPLETE
  }

  private final int longest;
  private final Draft draft;
  private final Word word = new Word();
  private State state = State.BEFORE;
  private int counted; // empty lines, octets of the line, or of the version
  private boolean http10;
  private int at;

  /**
   * At the beginning of a connection.
   *
   * @param longest octets of a request line
   */
  LineScanner(int longest, Draft draft) {
    this.longest = longest;
    this.draft = draft;
  }

  /**
   * Reads on until the line is {@link #complete}, or all has been read.
   *
   * @return the octet behind what was read
   * @throws ProblemException if this is not HTTP
   */
  int read(byte[] window, int from, int end) {
    at = from;
    while (at < end && state != State.COMPLETE) {
      step(window, end);
    }
    if (state == State.METHOD || state == State.TARGET) {
      word.keep(window, end);
    }
    return at;
  }

  boolean begun() {
    return state != State.BEFORE;
  }

  boolean complete() {
    return state == State.COMPLETE;
  }

  /** Of a complete line. */
  boolean http10() {
    return http10;
  }

  /** The next one begins. */
  void start() {
    state = State.BEFORE;
    counted = 0;
    word.forget();
  }

  private void step(byte[] window, int end) {
    switch (state) {
      case METHOD -> method(window, end);
      case TARGET -> target(window, end);
      default -> {
        state = next(window[at] & 0xff);
        at++;
      }
    }
  }

  private State next(int c) {
    return switch (state) {
      case BEFORE -> before(c);
      case VERSION -> version(c);
      case EMPTY_LF -> Malformed.unlessLineFeed(c, State.BEFORE);
      case LINE_LF -> Malformed.unlessLineFeed(c, State.COMPLETE);
      case METHOD, TARGET, COMPLETE -> throw new IllegalStateException();
    };
  }

  private State before(int c) {
    if (c == '\r') {
      counted++;
      Malformed.unless(counted <= MAX_EMPTY_LINES, "There are empty lines.");
      return State.EMPTY_LF;
    }
    Malformed.unless(Octets.TOKEN.has(c), "This is no request line.");
    word.begin(at);
    counted = 1;
    return State.METHOD;
  }

  private void method(byte[] window, int end) {
    int most = Math.min(end, at + MAX_METHOD - counted);
    int stop = Octets.TOKEN.endOf(window, at, most);
    counted += stop - at;
    at = stop;
    if (at < end) {
      Malformed.unless(window[at] == ' ', "This is no method.");
      word.end(window, at);
      draft.method(Vocabulary.method(word));
      at++;
      counted += 1 + VERSION.length() + 2; // the blanks and the version are of the line, too
      word.begin(at);
      state = State.TARGET;
    }
  }

  private void target(byte[] window, int end) {
    int stop = Octets.TARGET.endOf(window, at, end);
    counted += stop - at;
    if (counted > longest) {
      throw new ProblemException(ProblemType.URI_TOO_LONG, "The request target is too long.");
    }
    at = stop;
    if (at < end) {
      word.end(window, at);
      boolean whole = window[at] == ' ' && word.length() > 0;
      Malformed.unless(whole, "The request target must be visible ASCII.");
      draft.target(word.text());
      at++;
      counted = 0;
      state = State.VERSION;
    }
  }

  private State version(int c) {
    if (counted < VERSION.length()) {
      Malformed.unless(c == VERSION.charAt(counted++), "The version is not supported.");
      return State.VERSION;
    }
    if (c == '\r' && counted > VERSION.length()) {
      return State.LINE_LF;
    }
    boolean minor = counted++ == VERSION.length() && (c == '0' || c == '1');
    Malformed.unless(minor, "The version is not supported.");
    http10 = c == '0';
    draft.version(http10);
    return State.VERSION;
  }
}
