package dev.stoa.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;

/**
 * Hides the wish to go over to HTTP/2 in the middle of HTTP/1.1, which Vert.x would fulfil. RFC
 * 9113 has dropped it, it never got on with bodies, and a server may ignore it (RFC 9110, section
 * 7.8): the request is answered as HTTP/1.1.
 */
final class NoUpgradeToHttp2 extends ChannelInboundHandlerAdapter {

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request && request.headers().contains("Upgrade")) {
      String protocols = String.join(",", request.headers().getAll("Upgrade"));
      if (protocols.toLowerCase(Locale.ROOT).contains("h2c")) {
        request.headers().remove("Upgrade");
      }
    }
    ctx.fireChannelRead(message);
  }
}
