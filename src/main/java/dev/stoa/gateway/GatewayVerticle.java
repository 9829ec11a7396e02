package dev.stoa.gateway;

import dev.stoa.edge.HardenedServer;
import dev.stoa.upstream.ConnectionPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/**
 * The gateway: an HTTP server in front of everything. Several instances, one for each event loop,
 * share the port. Stopping tells those who keep connections, and lets running exchanges end, within
 * {@code gateway.drain_timeout}.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_LINE_BYTES = 8 * 1024;

  /** A burst of connects waits in the kernel rather than for a second try of each. */
  private static final int BACKLOG = 4_096;

  private final GatewayParts parts;
  private ConnectionPool pool;
  private HttpServer server;
  private IdleConnections connections;
  private GatewayPipeline pipeline;

  public GatewayVerticle(GatewayParts parts) {
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    GatewayConfig config = parts.config().get();
    pool = UpstreamClient.create(vertx, parts.telemetry().metrics().upstreamConnections());
    connections =
        new IdleConnections(
            vertx,
            parts.config().map(GatewayConfig::keepAlive),
            parts.config().map(GatewayConfig::idleTimeout),
            parts.stopping());
    parts.lookout().open();
    pipeline = new GatewayPipeline(vertx, parts, pool);
    LoadShedder shedder =
        new LoadShedder(
            context, parts.config().map(GatewayConfig::overload), parts.connections(), pipeline);
    HttpServerOptions options =
        UpstreamClient.server()
            .setHost(config.host())
            .setPort(config.port() == 0 ? -1 : config.port()) // -1: any, and shared by instances
            .setHttp2ClearTextEnabled(config.http2())
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setAcceptBacklog(BACKLOG);
    options.getInitialSettings().setMaxHeaderListSize(MAX_HEADER_BYTES);
    server =
        HardenedServer.create(
                vertx, options, parts.config().map(GatewayConfig::edge), parts.connections())
            .connectionHandler(
                connection -> {
                  UpstreamClient.quiet(connection);
                  connections.opened(connection);
                })
            .requestHandler(connections.watching(shedder))
            .invalidRequestHandler(pipeline::handleUnreadable);
    return server.listen();
  }

  /**
   * What would become of a request, with {@code parts} as they are; nothing is opened or sent.
   *
   * @param question as {@code POST /api/admin/explain} takes it
   */
  public static Future<JsonObject> explain(Vertx vertx, GatewayParts parts, JsonObject question) {
    ConnectionPool pool =
        UpstreamClient.create(vertx, parts.telemetry().metrics().upstreamConnections());
    return new GatewayPipeline(vertx, parts, pool).explain(question).eventually(pool::close);
  }

  /** The port that this gateway listens on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> stop() {
    pipeline.close();
    long drain = parts.config().get().drainTimeout().toMillis();
    return connections
        .drain()
        .eventually(() -> server.shutdown(drain, TimeUnit.MILLISECONDS))
        .eventually(pool::close);
  }
}
