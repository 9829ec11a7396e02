package dev.stoa.upstream;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.buffer.VertxByteBufAllocator;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * Reads the answers of one connection from whatever pieces they come in (RFC 9112), one event at a
 * time, so that whoever reads may stop between two. It keeps nothing of a piece but the beginning
 * of a head that is not all there, and never reads beyond the answer that is due.
 */
final class AnswerReader {
  static final int MAX_PART = 16 * 1024;
  private static final int CONTINUE = 100;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int EARLY_HINTS = 103;

  /** Interim answers of a kind that nobody here knows, to one request. */
  static final int MOST_UNKNOWN = 16;

  /** What {@link #next} came to. */
  enum Event {
    /** Nothing; all of the piece is read. */
    MORE,
    /** The head of an interim answer. */
    INTERIM,
    /** The head of the final answer; {@link #complete} where there is no body. */
    HEAD,
    /** A part of the body; {@link #complete} if it is the last. */
    BODY,
    /** The end, where it did not come with the event before. */
    END
  }

  private enum State {
    HEAD,
    PLAIN,
    CHUNKED,
    DONE
  }

  private final HeadReader heads;
  private final HeadCollector collector;
  private final ChunkReader chunks;
  private State state = State.DONE;
  private boolean bodyless;
  private boolean mayUpgrade;
  private int unknown; // interim answers
  private boolean untilClose;
  private boolean chunked;
  private long left;
  private Buffer part;

  /**
   * At the beginning of a connection.
   *
   * @param scratch of {@link HeadCollector#MAX_HEAD} octets; nothing stays in it, so all
   *     connections of an event loop may have the same one, as they may {@code heads}
   */
  AnswerReader(byte[] scratch, HeadReader heads) {
    this.heads = heads;
    this.collector = new HeadCollector(scratch, heads);
    this.chunks = new ChunkReader(collector);
  }

  /**
   * A request goes out, whose answer is due.
   *
   * @param isHead whether it is a HEAD, whose answer has no body
   * @param upgrade whether it may be answered with 101, after which everything is body
   */
  void begin(boolean isHead, boolean upgrade) {
    state = State.HEAD;
    bodyless = isHead;
    mayUpgrade = upgrade;
    unknown = 0;
    untilClose = false;
    chunked = false;
  }

  /**
   * Reads on.
   *
   * @throws MalformedAnswerException if this is no HTTP/1, or in a form that is not taken
   */
  Event next(ByteBuf in) {
    return switch (state) {
      case HEAD -> collector.head(in) ? headed() : Event.MORE;
      case PLAIN -> plain(in);
      case CHUNKED -> chunked(in);
      case DONE -> Event.MORE;
    };
  }

  private Event headed() {
    int status = heads.status();
    if (status == SWITCHING_PROTOCOLS) {
      must(mayUpgrade, "Nobody has asked for another protocol.");
      untilClosed();
    } else if (status < 200) {
      interim(status);
      return Event.INTERIM;
    } else if (bodyless || status == 204 || status == 304) {
      state = State.DONE;
    } else if (heads.chunked()) {
      chunked = true;
      chunks.begin();
      state = State.CHUNKED;
    } else if (heads.length() == HeadReader.UNKNOWN) {
      untilClosed();
    } else {
      left = heads.length();
      state = left == 0 ? State.DONE : State.PLAIN;
    }
    return Event.HEAD;
  }

  /** One that is unknown may be passed over (RFC 9110, section 15.2); for ever it is not. */
  private void interim(int status) {
    unknown += status == CONTINUE || status == EARLY_HINTS ? 0 : 1;
    must(unknown <= MOST_UNKNOWN, "There are too many interim answers.");
    boolean plain = !heads.http10() && !heads.chunked() && heads.length() == HeadReader.UNKNOWN;
    must(plain, "An interim answer has no body.");
  }

  private void untilClosed() {
    untilClose = true;
    left = Long.MAX_VALUE;
    state = State.PLAIN;
  }

  private Event plain(ByteBuf in) {
    int length = (int) Math.min(left, Math.min(in.readableBytes(), MAX_PART));
    if (length == 0) {
      return Event.MORE;
    }
    part = BufferInternal.buffer(room(length).writeBytes(in, length));
    if (!untilClose) {
      left -= length;
      state = left == 0 ? State.DONE : State.PLAIN;
    }
    return Event.BODY;
  }

  private Event chunked(ByteBuf in) {
    ByteBuf data = chunks.read(in);
    if (chunks.complete()) {
      state = State.DONE;
    }
    if (data == null) {
      return complete() ? Event.END : Event.MORE;
    }
    part = BufferInternal.buffer(data);
    return Event.BODY;
  }

  /** Not pooled, since nobody can tell who lets go of it last. */
  static ByteBuf room(int octets) {
    return VertxByteBufAllocator.DEFAULT.heapBuffer(octets);
  }

  /** What was read last of a head. */
  HeadReader head() {
    return heads;
  }

  /** The part of the body that was read last. */
  Buffer part() {
    return part;
  }

  /** Whether the answer has been read to its end. */
  boolean complete() {
    return state == State.DONE;
  }

  /** Whether it ends with its connection. */
  boolean untilClose() {
    return untilClose;
  }

  /** The trailers, in the turn in which the answer ends; null where there are none. */
  Fields trailers() {
    return chunked ? heads.fields() : null;
  }

  private static void must(boolean holds, String otherwise) {
    MalformedAnswerException.unless(holds, otherwise);
  }
}
