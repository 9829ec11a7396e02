package dev.stoa.edge;

import dev.stoa.problem.ProblemException;

/** Reads what stands between the chunks of a body (RFC 9112, section 7.1). */
final class ChunkScanner {
  private static final int MAX_SIZE_DIGITS = 7;
  private static final int MAX_EXTENSION = 128;
  private static final int MAX_EXTENSIONS = 4 * 1024;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    CHUNK,
    CHUNK_CR,
    CHUNK_LF
  }

  private State state;
  private int counted; // octets of what the state reads
  private int extensions;
  private int size;

  /** A body begins. */
  void start() {
    extensions = 0;
    startSize();
  }

  private State startSize() {
    counted = 0;
    size = 0;
    state = State.SIZE;
    return state;
  }

  /**
   * Reads on until a chunk begins, or all has been read.
   *
   * @return the octet behind what was read
   * @throws ProblemException if this is not HTTP
   */
  int read(byte[] window, int from, int end) {
    int at = from;
    while (at < end && state != State.CHUNK) {
      state = next(window[at] & 0xff);
      at++;
    }
    return at;
  }

  /** Whether a chunk begins here, the last one included. */
  boolean atChunk() {
    return state == State.CHUNK;
  }

  /** Of the chunk that begins here: none in the last one. */
  int size() {
    return size;
  }

  /** The octets of the chunk are passed over. */
  void endChunk() {
    state = State.CHUNK_CR;
  }

  private State next(int c) {
    return switch (state) {
      case SIZE -> size(c);
      case EXTENSION -> extension(c);
      case SIZE_LF -> Malformed.unlessLineFeed(c, State.CHUNK);
      case CHUNK_CR -> {
        Malformed.unless(c == '\r', "A chunk is longer than it says.");
        yield State.CHUNK_LF;
      }
      case CHUNK_LF -> {
        Malformed.unlessLineFeed(c, State.SIZE);
        yield startSize();
      }
      case CHUNK -> throw new IllegalStateException("chunks are not read by the octet");
    };
  }

  private State size(int c) {
    int digit = Character.digit(c, 16);
    if (digit >= 0 && c < 0x80) {
      size = size << 4 | digit;
      counted++;
      Malformed.unless(counted <= MAX_SIZE_DIGITS, "A chunk is too long.");
      return State.SIZE;
    }
    Malformed.unless(counted > 0 && (c == '\r' || c == ';'), "The size of a chunk is no number.");
    counted = 0;
    return c == '\r' ? State.SIZE_LF : State.EXTENSION;
  }

  private State extension(int c) {
    if (c == '\r') {
      return State.SIZE_LF;
    }
    counted++;
    extensions++;
    Malformed.unless(
        counted <= MAX_EXTENSION && extensions <= MAX_EXTENSIONS,
        "The chunk extensions are too long.");
    Malformed.unless(c >= ' ' && c < 0x7f || c == '\t', "A chunk extension is malformed.");
    return State.EXTENSION;
  }
}
