package dev.stoa.edge;

import dev.stoa.http.Octets;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/** Reads the fields of heads and of trailers, with the empty line behind them. */
final class FieldScanner {
  private static final String NO_TOKEN = "The name of a header field is no token.";

  private enum State {
    FIELD,
    NAME,
    VALUE,
    FIELD_LF,
    END_LF,
    COMPLETE
  }

  private final int most;
  private final Framing framing;
  private final Draft draft;
  private final Word word = new Word();
  private State state = State.FIELD;
  private boolean inTrailer;
  private Field field;
  private int room; // for octets of fields
  private int at;

  /**
   * At the beginning of a connection.
   *
   * @param most octets of all fields of a message, those of its trailer included
   */
  FieldScanner(int most, Framing framing, Draft draft) {
    this.most = most;
    this.framing = framing;
    this.draft = draft;
  }

  /**
   * Reads on until the fields are {@link #complete}, or all has been read.
   *
   * @return the octet behind what was read
   * @throws ProblemException if this is not HTTP
   */
  int read(byte[] window, int from, int end) {
    at = from;
    while (at < end && state != State.COMPLETE) {
      step(window, end);
    }
    if (state == State.NAME || state == State.VALUE) {
      word.keep(window, end);
    }
    return at;
  }

  boolean inTrailer() {
    return inTrailer;
  }

  boolean complete() {
    return state == State.COMPLETE;
  }

  /** Those of the next head begin. */
  void startHead() {
    state = State.FIELD;
    inTrailer = false;
    room = most;
    word.forget();
  }

  /** Those behind a chunked body begin. */
  void startTrailer() {
    state = State.FIELD;
    inTrailer = true;
  }

  private void step(byte[] window, int end) {
    switch (state) {
      case NAME -> name(window, end);
      case VALUE -> value(window, end);
      default -> {
        state = next(window[at] & 0xff);
        at++;
      }
    }
  }

  private State next(int c) {
    return switch (state) {
      case FIELD -> field(c);
      case FIELD_LF -> Malformed.unlessLineFeed(c, State.FIELD);
      case END_LF -> Malformed.unlessLineFeed(c, State.COMPLETE);
      case NAME, VALUE, COMPLETE -> throw new IllegalStateException();
    };
  }

  private State field(int c) {
    if (c == '\r') {
      return State.END_LF;
    }
    Malformed.unless(c != ' ' && c != '\t', "A header field is folded.");
    Malformed.unless(c != ':', "A header field has no name.");
    Malformed.unless(Octets.TOKEN.has(c), NO_TOKEN);
    framing.startField();
    word.begin(at);
    take(1);
    return State.NAME;
  }

  private void name(byte[] window, int end) {
    int stop = Octets.TOKEN.endOf(window, at, end);
    take(stop - at);
    at = stop;
    if (at < end) {
      Malformed.unless(window[at] == ':', NO_TOKEN);
      take(1);
      word.end(window, at);
      field = Vocabulary.field(word);
      at++;
      word.begin(at);
      state = State.VALUE;
    }
  }

  private void value(byte[] window, int end) {
    int stop = Octets.VALUE.endOf(window, at, end);
    take(stop - at);
    at = stop;
    if (at < end) {
      Malformed.unless(window[at] == '\r', "A header field holds a control character.");
      word.end(window, at);
      endField(word.value());
      at++;
      state = State.FIELD_LF;
    }
  }

  private void endField(String value) {
    if (inTrailer) {
      Framing.trailerField(field.meaning());
      draft.trailerField(field, value);
    } else {
      framing.field(field.meaning(), value, word.length());
      draft.field(field, value);
    }
  }

  private void take(int octets) {
    room -= octets;
    if (room < 0) {
      throw new ProblemException(ProblemType.HEADERS_TOO_LARGE, "The header fields are too large.");
    }
  }
}
