package dev.stoa.upstream;

import dev.stoa.http.Octets;
import io.netty.buffer.ByteBuf;

/**
 * Reads a chunked body and its trailers (RFC 9112, section 7.1). Lines end with CR and LF, sizes
 * have a bound and nothing before them, extensions are passed over. Of one connection.
 */
final class ChunkReader {
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_EXTENSION = 256;
  private static final int MAX_EXTENSIONS = 16 * 1024;

  private enum State {
    SIZE,
    BLANK,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    DONE
  }

  private final HeadCollector collector;
  private State state = State.DONE;
  private long left; // of the chunk
  private int digits;
  private int extension;
  private int extensions;

  ChunkReader(HeadCollector collector) {
    this.collector = collector;
  }

  void begin() {
    extensions = 0;
    state = nextSize();
  }

  /** Whether all of it has been read, with the trailers. */
  boolean complete() {
    return state == State.DONE;
  }

  /**
   * Reads on; as many chunks as there are make one part.
   *
   * @return of at most {@link AnswerReader#MAX_PART} octets; null where there is none
   */
  ByteBuf read(ByteBuf in) {
    ByteBuf data = null;
    while (in.isReadable() && !complete()) {
      if (state == State.DATA) {
        if (data == null) {
          data = AnswerReader.room(Math.min(in.readableBytes(), AnswerReader.MAX_PART));
        } else if (data.writerIndex() == AnswerReader.MAX_PART) {
          return data;
        }
        state = data(in, data);
      } else if (state == State.TRAILERS) {
        state = collector.trailers(in) ? State.DONE : State.TRAILERS;
      } else {
        state = octet(in.readByte());
      }
    }
    return data;
  }

  private State data(ByteBuf in, ByteBuf data) {
    int room = AnswerReader.MAX_PART - data.writerIndex();
    int length = (int) Math.min(left, Math.min(in.readableBytes(), room));
    data.writeBytes(in, length);
    left -= length;
    return left == 0 ? State.DATA_CR : State.DATA;
  }

  private State octet(byte c) {
    return switch (state) {
      case SIZE -> size(c);
      case BLANK -> blank(c);
      case EXTENSION -> extension(c);
      case SIZE_LF -> {
        lineFeed(c);
        yield left > 0 ? State.DATA : State.TRAILERS;
      }
      case DATA_CR -> {
        must(c == '\r', "A chunk is longer than it says.");
        yield State.DATA_LF;
      }
      case DATA_LF -> {
        lineFeed(c);
        yield nextSize();
      }
      default -> throw new IllegalStateException(state + " is not read by the octet");
    };
  }

  private State nextSize() {
    left = 0;
    digits = 0;
    extension = 0;
    return State.SIZE;
  }

  private State size(byte c) {
    int digit = c < 0 ? -1 : Character.digit(c, 16);
    if (digit >= 0) {
      must(++digits <= MAX_SIZE_DIGITS, "A chunk is too long.");
      left = left << 4 | digit;
      return State.SIZE;
    }
    must(digits > 0, "The size of a chunk is no number.");
    return blank(c);
  }

  /** Behind the size there may be blanks, and then an extension. */
  private State blank(byte c) {
    if (c == '\r') {
      return State.SIZE_LF;
    }
    count();
    must(c == ';' || Octets.isBlank(c), "The size of a chunk is no number.");
    return c == ';' ? State.EXTENSION : State.BLANK;
  }

  private State extension(byte c) {
    if (c == '\r') {
      return State.SIZE_LF;
    }
    count();
    must(Octets.VALUE.has(c), "A chunk extension is malformed.");
    return State.EXTENSION;
  }

  private void count() {
    boolean fits = ++extension <= MAX_EXTENSION && ++extensions <= MAX_EXTENSIONS;
    must(fits, "The chunk extensions are too long.");
  }

  private static void lineFeed(byte c) {
    must(c == '\n', "A line must end with CR and LF.");
  }

  private static void must(boolean holds, String otherwise) {
    MalformedAnswerException.unless(holds, otherwise);
  }
}
