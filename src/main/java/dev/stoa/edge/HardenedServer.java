package dev.stoa.edge;

import io.netty.channel.ChannelPipeline;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.NetServerImpl;
import io.vertx.core.net.impl.NetServerInternal;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * HTTP servers of Vert.x behind the edge. The one place that knows how to put a handler in front of
 * theirs: Vert.x offers nothing before the first request is decoded, and with HTTP/2 in clear text
 * nothing before the first request is complete, so the TCP server below the HTTP server is replaced
 * by one that differs in how a new connection is set up. Both ends of that seam are inner classes
 * of Vert.x 5.0; a test tells if they move.
 *
 * <p>Call it on the event loop context that will call {@code listen()}. What it makes belongs to
 * that event loop.
 */
public final class HardenedServer {
  private static final long SWEEP_MILLIS = 500;
  private static final String GATE = "gate";

  private HardenedServer() {}

  /**
   * A server that accepts only what can be read in one way, and from nobody too much.
   *
   * @param limits asked at each decision
   * @param admission shared by all instances of the server
   */
  public static HttpServer create(
      Vertx vertx, HttpServerOptions options, Supplier<EdgeLimits> limits, Admission admission) {
    Doorkeeper doorkeeper = new Doorkeeper(limits, admission);
    vertx.setPeriodic(SWEEP_MILLIS, timer -> doorkeeper.sweep());
    HeadLimits heads =
        new HeadLimits(options.getMaxInitialLineLength(), options.getMaxHeaderSize());
    VertxInternal inner = (VertxInternal) vertx;
    VertxInternal gated =
        new VertxWrapper(inner) {
          @Override
          public NetServerInternal createNetServer(NetServerOptions tcp) {
            return new NetServerImpl(inner, tcp) {
              @Override
              protected void initChannel(ChannelPipeline pipeline, boolean ssl) {
                boolean http2 = options.isHttp2ClearTextEnabled();
                pipeline.addLast(GATE, new Gate(doorkeeper, heads, http2));
                super.initChannel(pipeline, ssl);
              }
            };
          }
        };
    return new HttpServerImpl(gated, options);
  }

  /**
   * How long this client is to stay away, that is turned away now: so long, and twice as long each
   * time in a row, up to eight times.
   */
  public static Duration turnAway(HttpConnection connection, Duration first) {
    Gate gate = ((ConnectionBase) connection).channel().pipeline().get(Gate.class);
    return gate == null
        ? first
        : Duration.ofNanos(gate.turnAway(first.toNanos(), System.nanoTime()));
  }

  /**
   * Reads nothing from this client for so long, unless it is in the middle of something or a proxy
   * that brings others. Over HTTP/2 it goes on, because what it has under way needs its frames.
   */
  public static void rest(HttpConnection connection, Duration rest) {
    Gate gate = ((ConnectionBase) connection).channel().pipeline().get(Gate.class);
    if (gate != null) {
      gate.rest(rest.toNanos());
    }
  }

  /**
   * The connection leaves HTTP, with an answer 101 that is about to be written: what comes now is
   * not looked at any more.
   */
  public static void leaveHttp(HttpConnection connection) {
    Gate gate = ((ConnectionBase) connection).channel().pipeline().get(Gate.class);
    if (gate != null) {
      gate.stepAside();
    }
  }

  /**
   * The connection that {@linkplain #leaveHttp has left HTTP} has a taker of its octets, who gets
   * those that came with the request.
   */
  public static void handOver(HttpConnection connection) {
    Gate gate = ((ConnectionBase) connection).channel().pipeline().get(Gate.class);
    if (gate != null) {
      gate.handOver();
    }
  }
}
