package dev.stoa.upstream;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Brings a head, or trailers, together from whatever pieces they come in. Most come in one, of
 * which nothing is kept. Of one connection, but for the array.
 */
final class HeadCollector {
  /** The most octets of one. */
  static final int MAX_HEAD = 32 * 1024;

  private static final int MOST_HEADS = 2 * 1024;

  private final byte[] scratch;
  private final HeadReader reader;
  private byte[] kept; // the beginning of one; null for nothing
  private int length;

  HeadCollector(byte[] scratch, HeadReader reader) {
    this.scratch = scratch;
    this.reader = reader;
  }

  /** Reads a head, once it is there whole; takes all of {@code in} where it is not. */
  boolean head(ByteBuf in) {
    return read(in, true);
  }

  /** The same of trailers. */
  boolean trailers(ByteBuf in) {
    return read(in, false);
  }

  private boolean read(ByteBuf in, boolean isHead) {
    return kept == null ? begin(in, isHead) : goOn(in, isHead);
  }

  private boolean begin(ByteBuf in, boolean isHead) {
    int start = in.readerIndex();
    int all = Math.min(in.readableBytes(), MAX_HEAD);
    int look = 0;
    while (look < all) {
      look = look == 0 ? Math.min(all, MOST_HEADS) : all;
      in.getBytes(start, scratch, 0, look);
      int end = parse(scratch, look, isHead);
      if (end >= 0) {
        in.readerIndex(start + end);
        return true;
      }
    }
    MalformedAnswerException.unless(all < MAX_HEAD, "The head is too long.");
    kept = Arrays.copyOf(scratch, Math.max(MOST_HEADS, all));
    length = all;
    in.skipBytes(all);
    return false;
  }

  /**
   * The same where the beginning has come before. It is read from there again with each piece that
   * ends a line, so that what is wrong is found at once; there are not many lines.
   */
  private boolean goOn(ByteBuf in, boolean isHead) {
    int more = Math.min(in.readableBytes(), MAX_HEAD - length);
    int from = in.readerIndex();
    if (length + more > kept.length) {
      kept = Arrays.copyOf(kept, Math.min(MAX_HEAD, 2 * (length + more)));
    }
    in.getBytes(from, kept, length, more);
    boolean line = in.indexOf(from, from + more, (byte) '\n') >= 0;
    int end = line ? parse(kept, length + more, isHead) : HeadReader.MORE;
    if (end < 0) {
      in.skipBytes(more);
      length += more;
      MalformedAnswerException.unless(length < MAX_HEAD, "The head is too long.");
      return false;
    }
    in.skipBytes(end - length);
    kept = null;
    return true;
  }

  private int parse(byte[] octets, int end, boolean isHead) {
    return isHead ? reader.head(octets, end) : reader.trailers(octets, end);
  }
}
