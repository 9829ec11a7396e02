package dev.stoa.gateway;

import dev.stoa.observability.OpenCount;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP settings the data path is made for, in one place. The clocks of bodies are {@link
 * Watchdog}'s, so neither side has an idle time-out on its sockets.
 */
final class UpstreamClient {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamClient.class);
  static final int CONNECTIONS_PER_SERVER = 256;
  private static final int WAITING_PER_SERVER = 1_024;
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int MAX_CHUNK_BYTES = 16 * 1024;

  /** Below what servers usually grant (5 s and more), so that they rarely close first. */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private UpstreamClient() {}

  /** A client for one verticle; hold it in a field and close it. */
  static HttpClient create(Vertx vertx, OpenCount connections) {
    return create(
        vertx,
        options(),
        pool(),
        connection -> {
          connections.opened();
          Wire.onClose(connection, connections::closed);
        });
  }

  static HttpClient create(Vertx vertx, HttpClientOptions options, PoolOptions pool) {
    return create(vertx, options, pool, connection -> {});
  }

  private static HttpClient create(
      Vertx vertx, HttpClientOptions options, PoolOptions pool, Handler<HttpConnection> connected) {
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(pool)
        .withConnectHandler(
            connection -> {
              quiet(connection);
              Wire.bound(connection);
              connected.handle(connection);
            })
        .build();
  }

  /**
   * What goes wrong on a connection is answered by the exchange that it hits; Vert.x would log it
   * as an error once more, for anybody on the network to fill the disk with.
   */
  static void quiet(HttpConnection connection) {
    connection.exceptionHandler(
        failure -> LOG.debug("Connection to {} failed", connection.remoteAddress(), failure));
  }

  static HttpClientOptions options() {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setKeepAlive(true)
        .setPipelining(false)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(60))
        .setDecompressionSupported(false)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_CHUNK_BYTES)
        .setTcpNoDelay(true);
  }

  static PoolOptions pool() {
    return new PoolOptions()
        .setHttp1MaxSize(CONNECTIONS_PER_SERVER)
        .setMaxWaitQueueSize(WAITING_PER_SERVER)
        .setCleanerPeriod(1_000);
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
