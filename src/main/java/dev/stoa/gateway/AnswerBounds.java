package dev.stoa.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Sees to it that a connection of the pool carries one answer to each request and nothing else.
 * What an upstream sends beyond (it got a length wrong, gave a 304 a body, or changed its mind)
 * would be the beginning of the answer to the next request, which is somebody else's: a decoder
 * keeps the half of a line until the other half comes, whenever that is. Such a connection is
 * closed with the answer, as RFC 9112, section 9.2, wants it, and one on which something comes
 * unasked at once.
 *
 * <p>Two handlers around the decoder: this one, behind it, knows where an answer ends; {@link
 * Bytes}, before it, how much is left there. For the event loop of the connection.
 */
final class AnswerBounds extends ChannelDuplexHandler {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Bytes bytes = new Bytes();
  private boolean asked; // a request went out whose answer is not complete
  private boolean interim;
  private boolean tunnel;
  private boolean over;

  private AnswerBounds() {}

  /** Watches a connection from now on; before its first request. */
  static void watch(ChannelPipeline pipeline) {
    ChannelHandlerContext decoder = pipeline.context(HttpClientCodec.class);
    if (decoder != null) {
      AnswerBounds bounds = new AnswerBounds();
      pipeline.addBefore(decoder.name(), "answerBytes", bounds.bytes);
      pipeline.addAfter(decoder.name(), "answerBounds", bounds);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    asked |= message instanceof HttpRequest;
    ctx.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse head) {
      int status = head.status().code();
      tunnel = status == SWITCHING_PROTOCOLS;
      interim = status < 200;
    }
    if (message instanceof LastHttpContent && !interim) {
      asked = false;
      if (bytes.surplus()) {
        end(ctx); // before the pool has it back
      }
    }
    ctx.fireChannelRead(message);
  }

  private void end(ChannelHandlerContext ctx) {
    over = true;
    ctx.close();
  }

  /**
   * Takes back what the decoder has left of a read, and gives it again with the next one, so that
   * nothing is ever kept where nobody can see it.
   */
  private final class Bytes extends ChannelInboundHandlerAdapter {
    private ByteBuf reading;
    private ByteBuf left;

    boolean surplus() {
      return reading != null && reading.isReadable();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (tunnel || over) {
        pass(ctx, message);
      } else if (!asked) {
        ReferenceCountUtil.release(message);
        end(ctx);
      } else {
        read(ctx, (ByteBuf) message);
      }
    }

    private void pass(ChannelHandlerContext ctx, Object message) {
      if (over) {
        ReferenceCountUtil.release(message);
      } else {
        ctx.fireChannelRead(message);
      }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf message) {
      ByteBuf whole = left == null ? message : joined(ctx, message);
      reading = whole.retain();
      try {
        ctx.fireChannelRead(whole);
        if (!tunnel && whole.isReadable()) {
          left = ctx.alloc().buffer(whole.readableBytes()).writeBytes(whole);
        }
      } finally {
        reading = null;
        whole.release();
      }
    }

    private ByteBuf joined(ChannelHandlerContext ctx, ByteBuf message) {
      ByteBuf whole = ctx.alloc().buffer(left.readableBytes() + message.readableBytes());
      whole.writeBytes(left).writeBytes(message);
      message.release();
      drop();
      return whole;
    }

    private void drop() {
      if (left != null) {
        left.release();
        left = null;
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      drop();
    }
  }
}
