package dev.stoa.edge;

import io.netty.buffer.ByteBuf;

/**
 * Counts the frames of an HTTP/2 connection that cost the server more than the client and carry no
 * request (RFC 9113, section 10.5): pings, settings, priorities, resets, empty data, and header
 * blocks that do not end (CVE-2024-27316). Netty bounds resets and the size of a header list, but
 * not the number of empty CONTINUATION frames, nor answers it is made to give.
 */
final class HttpTwoScanner {
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int HEAD = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int WINDOW_UPDATE = 8;
  private static final int ACK_OR_END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private static final int MAX_CONTINUATIONS = 8;
  private static final int MAX_IDLE_FRAMES = 1_000;
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private final byte[] head = new byte[HEAD];
  private int read;
  private int payload;
  private boolean inHeaders;
  private int continuations;
  private long windowStart = System.nanoTime();
  private int idleFrames;

  /** Reads what is readable, moving no index; false if the peer does not mean well. */
  boolean scan(ByteBuf in) {
    int position = in.readerIndex();
    int end = in.writerIndex();
    while (position < end) {
      if (payload > 0) {
        int skipped = Math.min(payload, end - position);
        payload -= skipped;
        position += skipped;
      } else {
        head[read++] = in.getByte(position++);
        if (read == HEAD) {
          read = 0;
          payload = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
          if (!admits(head[3], head[4])) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Whether a header block has begun and is not complete. */
  boolean inHeaders() {
    return inHeaders;
  }

  private boolean admits(int type, int flags) {
    if (type == HEADERS || type == CONTINUATION) {
      inHeaders = (flags & END_HEADERS) == 0;
      continuations = type == HEADERS ? 0 : continuations + 1;
      return continuations <= MAX_CONTINUATIONS;
    }
    boolean useful =
        type == WINDOW_UPDATE || type == DATA && (payload > 0 || (flags & ACK_OR_END_STREAM) != 0);
    return useful || countIdle();
  }

  private boolean countIdle() {
    long now = System.nanoTime();
    if (now - windowStart > WINDOW_NANOS) {
      windowStart = now;
      idleFrames = 0;
    }
    idleFrames++;
    return idleFrames <= MAX_IDLE_FRAMES;
  }
}
