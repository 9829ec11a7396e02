package dev.stoa.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Counts what is read of a socket in a row, where TLS makes other pieces of it: sixteen reads may
 * be one record. Of one connection.
 */
final class RawReads extends ChannelInboundHandlerAdapter {
  private int reads;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object piece) {
    reads++;
    ctx.fireChannelRead(piece);
  }

  /** How many there were since this was asked last. */
  int counted() {
    int counted = reads;
    reads = 0;
    return counted;
  }
}
