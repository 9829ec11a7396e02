package dev.stoa.upstream;

import dev.stoa.http.Scratch;
import dev.stoa.http.ScratchReads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;

/**
 * Writes requests on one connection, in as few packets as they come in parts. What fails is told as
 * an exception of the connection.
 */
final class RequestWriter {
  /** A body of up to this length is copied behind its head. */
  private static final int SMALL = 4 * 1024;

  private static final int LONGEST_SIZE_LINE = 10;
  private static final byte[] CHUNK_END = "\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_TAIL = CHUNK_END.length + LAST_CHUNK.length;

  private final HeadWriter heads;
  private final Scratch scratch;
  private final ChannelHandlerContext ctx;

  /** {@code heads} and {@code scratch} may be shared by all connections of an event loop. */
  RequestWriter(HeadWriter heads, Scratch scratch, ChannelHandlerContext ctx) {
    this.heads = heads;
    this.scratch = scratch;
    this.ctx = ctx;
  }

  /**
   * Writes what there is of a request.
   *
   * @param head whether it begins here
   * @param data of its body; null for none
   * @param last whether it ends here
   */
  void write(Call call, boolean head, Buffer data, boolean last) {
    ByteBuf body = data == null ? Unpooled.EMPTY_BUFFER : ((BufferInternal) data).getByteBuf();
    int length = body.readableBytes();
    boolean framed = call.isChunked();
    int room = (framed ? LONGEST_SIZE_LINE + LONGEST_TAIL : 0) + (length <= SMALL ? length : 0);
    ByteBuf out = head ? head(call, room) : room(room);
    if (framed && length > 0) {
      out.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
      out.writeBytes(CHUNK_END);
    }
    if (length <= SMALL) {
      out.writeBytes(body);
      body.release();
      tail(out, framed, length, last);
      send(out);
    } else {
      send(out);
      send(body);
      send(tail(ctx.alloc().directBuffer(LONGEST_TAIL), framed, length, last));
    }
    ctx.flush();
  }

  private ByteBuf head(Call call, int room) {
    int length = heads.write(call.method(), call.target(), call.fields());
    return room(length + room).writeBytes(heads.octets(), 0, length);
  }

  private ByteBuf room(int octets) {
    ByteBuf free = octets <= ScratchReads.ROOM ? scratch.take() : null;
    return free == null ? ctx.alloc().directBuffer(octets) : free;
  }

  private static ByteBuf tail(ByteBuf out, boolean framed, int length, boolean last) {
    if (framed && length > 0) {
      out.writeBytes(CHUNK_END);
    }
    if (framed && last) {
      out.writeBytes(LAST_CHUNK);
    }
    return out;
  }

  private void send(ByteBuf out) {
    if (out.isReadable()) {
      ctx.write(out, ctx.voidPromise());
    } else {
      out.release();
    }
  }
}
