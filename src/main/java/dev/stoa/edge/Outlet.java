package dev.stoa.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.function.BooleanSupplier;

/**
 * Stands before the encoder of Vert.x and passes it by with the answers that are most common: those
 * that come whole, with a body and a length. For the event loop of its connection.
 */
final class Outlet extends ChannelOutboundHandlerAdapter {
  private final AnswerWriter writer;
  private final BooleanSupplier mayBeBodiless;
  private final ChannelHandlerContext encoder;
  private final Runnable answered;

  /**
   * Before this encoder.
   *
   * @param mayBeBodiless whether an answer may be one to HEAD, whose body is not to be sent
   * @param answered told of the head of each answer that is not an interim one
   */
  Outlet(
      AnswerWriter writer,
      BooleanSupplier mayBeBodiless,
      ChannelHandlerContext encoder,
      Runnable answered) {
    this.answered = answered;
    this.writer = writer;
    this.mayBeBodiless = mayBeBodiless;
    this.encoder = encoder;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse answer && answer.status().code() >= 200) {
      answered.run();
    }
    ByteBuf octets =
        message instanceof FullHttpResponse answer && isPlain(answer) ? writer.write(answer) : null;
    if (octets == null) {
      ctx.write(message, promise);
    } else {
      ((FullHttpResponse) message).release();
      encoder.write(octets, promise);
    }
  }

  private boolean isPlain(FullHttpResponse answer) {
    return answer.headers() instanceof HeadersMultiMap fields
        && !mayBeBodiless.getAsBoolean()
        && mayHaveBody(answer.status().code())
        && !fields.contains(HttpHeaderNames.TRANSFER_ENCODING);
  }

  private static boolean mayHaveBody(int status) {
    return status >= 200 && status != 204 && status != 205 && status != 304;
  }
}
