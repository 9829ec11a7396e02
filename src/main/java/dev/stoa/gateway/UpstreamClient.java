package dev.stoa.gateway;

import dev.stoa.observability.OpenCount;
import dev.stoa.upstream.ConnectionPool;
import dev.stoa.upstream.PoolSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP settings the data path is made for, in one place. The clocks of bodies are {@link
 * Watchdog}'s, so neither side has an idle time-out on its sockets.
 */
final class UpstreamClient {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamClient.class);
  static final PoolSettings SETTINGS = PoolSettings.DEFAULT;
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int MAX_CHUNK_BYTES = 16 * 1024;

  private UpstreamClient() {}

  /** The connections of one verticle; hold them in a field and close them. */
  static ConnectionPool create(Vertx vertx, OpenCount connections) {
    return new ConnectionPool(vertx, SETTINGS, connections::opened, connections::closed);
  }

  /**
   * What goes wrong on a connection is answered by the exchange that it hits; Vert.x would log it
   * as an error once more, for anybody on the network to fill the disk with.
   */
  static void quiet(HttpConnection connection) {
    connection.exceptionHandler(
        failure -> LOG.debug("Connection to {} failed", connection.remoteAddress(), failure));
  }

  /** The gateway's own side. Port, host and TLS are the caller's. */
  static HttpServerOptions server() {
    return new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_CHUNK_BYTES)
        .setHandle100ContinueAutomatically(false)
        .setDecompressionSupported(false)
        .setCompressionSupported(false)
        .setHttp2ClearTextEnabled(true)
        // What the ends of a WebSocket agree on is theirs; nobody here looks at frames.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setTcpNoDelay(true);
  }
}
