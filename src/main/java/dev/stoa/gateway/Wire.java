package dev.stoa.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * The one place that reaches below the API of Vert.x, for what it does not offer: to end a client's
 * connection at once, and to learn of the end of one that became a tunnel. Vert.x closes a
 * connection after flushing what was written, which a stalled peer delays for ever and which, to a
 * reader of a body that ends with its connection, looks like a proper end. A TCP reset cannot be
 * mistaken for one.
 */
final class Wire {
  private static final long HTTP2_INTERNAL_ERROR = 2;

  private Wire() {}

  /**
   * Ends a connection of a client after what was answered, and reads no request any more: not even
   * one that has been decoded already, which {@code close} would still hand out (RFC 9112, section
   * 9.6).
   */
  static void end(HttpConnection connection) {
    connection.shutdown(1, TimeUnit.SECONDS);
  }

  static boolean isHttp2(HttpConnection connection) {
    return ((ConnectionBase) connection).channel().pipeline().get(Http2ConnectionHandler.class)
        != null;
  }

  /** Closes the door by which this connection of a client has come; the connection stays. */
  static void stopAccepting(HttpConnection connection) {
    Channel door = ((ConnectionBase) connection).channel().parent();
    if (door != null) {
      door.close();
    }
  }

  /** Breaks the response to this request: its stream under HTTP/2, else its connection. */
  static void reset(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(HTTP2_INTERNAL_ERROR);
    } else {
      reset(request.connection());
    }
  }

  /** How much waits for the peer of a connection to take what was sent before it, in octets. */
  static long unsent(HttpConnection connection) {
    ChannelOutboundBuffer waiting =
        ((ConnectionBase) connection).channel().unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  /** Resets a connection. */
  static void reset(HttpConnection connection) {
    reset(((ConnectionBase) connection).channelHandlerContext());
  }

  /** Resets what one end of a tunnel stands on. */
  static void reset(NetSocket socket) {
    reset(((NetSocketInternal) socket).channelHandlerContext());
  }

  /** Runs when the connection is closed, also if it has become a tunnel by then. */
  static void onClose(HttpConnection connection, Runnable action) {
    ConnectionBase base = (ConnectionBase) connection;
    base.channel()
        .closeFuture()
        .addListener(closed -> base.context().runOnContext(v -> action.run()));
  }

  /** Closes below the handler of Vert.x, which would wait for the flush. */
  private static void reset(ChannelHandlerContext context) {
    if (context.channel().isOpen()) {
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      context.close();
    }
  }
}
