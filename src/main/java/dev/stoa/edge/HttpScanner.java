package dev.stoa.edge;

import dev.stoa.problem.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Optional;

/**
 * Reads the bytes of an HTTP/1 connection, once, as RFC 9112 writes them and no more, and makes of
 * them the messages that the server takes. What it lets through can be read in only one way, by an
 * upstream behind this or by anything else.
 *
 * <p>Netty's decoder, whose place it takes, is made for every server there is: it unfolds obsolete
 * line folding, takes any blank for a space in the request line, skips control characters before
 * it, takes {@code HTTP/7.3} and {@code http/1.1} for versions, silently drops a {@code
 * Content-Length} beside a {@code Transfer-Encoding}, and ends the size of a chunk at the first
 * thing that is no digit.
 */
final class HttpScanner {
  private static final int MAX_CONTENT = 16 * 1024;

  private final byte[] window;
  private final Draft draft = new Draft();
  private final ChunkScanner chunks = new ChunkScanner();
  private final HeadScanner head;
  private boolean chunked; // and not yet complete
  private boolean mayLeave;
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
  HttpScanner(byte[] window, HeadLimits limits) {
    this.window = window;
    this.head = new HeadScanner(limits, draft);
  }

  /**
   * Reads what is readable, moving no index of the buffer, and adds what was whole to {@code out}:
   * for each request its head, its body in parts, and its end. Nothing of it lies in {@code in}:
   * the server would make such a copy next, and a part that waits or is forgotten keeps no more
   * than itself. It stops behind a request that {@link #mayLeave}; {@link #position} is where.
   *
   * @throws ProblemException if this is not HTTP; {@code out} holds what came before
   */
  void scan(ByteBuf in, List<HttpObject> out) {
    int end = in.writerIndex();
    position = in.readerIndex();
    while (position < end && !mayLeave) {
      if (left > 0) {
        body(in, end, out);
      } else {
        int length = Math.min(window.length, end - position);
        in.getBytes(position, window, 0, length);
        read(length, out);
      }
    }
  }

  private void body(ByteBuf in, int end, List<HttpObject> out) {
    int octets = (int) Math.min(Math.min(left, MAX_CONTENT), end - position);
    byte[] copy = new byte[octets];
    in.getBytes(position, copy);
    ByteBuf part = Unpooled.wrappedBuffer(copy);
    position += octets;
    left -= octets;
    bodyBytes += octets;
    if (left == 0 && !chunked) {
      out.add(new DefaultLastHttpContent(part, EmptyHttpHeaders.INSTANCE));
      return;
    }
    out.add(new DefaultHttpContent(part));
    if (left == 0) {
      chunks.endChunk();
    }
  }

  /** Reads what is in the window, as far as no body begins. */
  private void read(int length, List<HttpObject> out) {
    int start = position;
    int at = 0;
    while (at < length && left == 0 && !mayLeave) {
      boolean betweenChunks = chunked && !head.inTrailer();
      at = betweenChunks ? chunks.read(window, at, length) : head.read(window, at, length);
      position = start + at;
      if (betweenChunks && chunks.atChunk()) {
        startChunk();
      } else if (head.complete()) {
        complete(out);
      }
    }
  }

  private void startChunk() {
    left = chunks.size();
    if (left == 0) {
      head.startTrailer();
    }
  }

  private void complete(List<HttpObject> out) {
    if (head.inTrailer()) {
      chunked = false;
      out.add(draft.trailer());
    } else {
      startBody(out);
    }
    head.startHead();
  }

  private void startBody(List<HttpObject> out) {
    heads++;
    out.add(draft.request());
    chunked = head.chunked();
    left = head.bodyLength();
    if (chunked) {
      chunks.start();
    } else if (left == 0) {
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
      mayLeave = draft.upgrades();
    }
  }

  /**
   * Whether the last request asks to leave HTTP. Until it is answered nobody knows what is behind
   * it: a client may go on in the other protocol as soon as it has asked (RFC 9110, section 7.8).
   */
  boolean mayLeave() {
    return mayLeave;
  }

  /** That request was answered, and HTTP goes on. */
  void stay() {
    mayLeave = false;
  }

  /** Where the scan has stopped. */
  int position() {
    return position;
  }

  /** Whether a head has begun and is not complete. */
  boolean inHead() {
    return head.begun() && !chunked;
  }

  /** Whether a body has begun and is not complete. */
  boolean inBody() {
    return left > 0 || chunked;
  }

  /** The request whose fields have begun and are not complete, if there is one. */
  Optional<HttpRequest> unfinished() {
    return head.inFields() ? Optional.of(draft.request()) : Optional.empty();
  }

  /** Whether there was a request for a head alone, ever. */
  boolean askedForHead() {
    return draft.askedForHead();
  }

  /** Heads that were complete, so far. */
  long heads() {
    return heads;
  }

  /** Octets of bodies, so far. */
  long bodyBytes() {
    return bodyBytes;
  }
}
