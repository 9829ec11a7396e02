package dev.stoa.observability;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port for whoever runs the process: {@code /metrics}, and {@code /health}, {@code /health/live},
 * {@code /health/ready} of the process as a whole. Without authentication, so on loopback unless
 * told otherwise.
 */
public final class ManagementServer {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
  private static final int IDLE_SECONDS = 60;
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;
  private final Metrics metrics;
  private final BooleanSupplier ready;
  private HttpServer server;

  private ManagementServer(Vertx vertx, Metrics metrics, BooleanSupplier ready) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.ready = ready;
  }

  /**
   * Listens.
   *
   * @param ready whether the process takes work now; asked on an event loop
   */
  public static Future<ManagementServer> open(
      Vertx vertx, ManagementConfig config, Metrics metrics, BooleanSupplier ready) {
    ManagementServer management = new ManagementServer(vertx, metrics, ready);
    management.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(config.host())
                    .setPort(config.port())
                    .setIdleTimeout(IDLE_SECONDS))
            .requestHandler(management::serve);
    return management.server.listen().map(management);
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  public Future<Void> close() {
    return server.close();
  }

  private void serve(HttpServerRequest request) {
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      request.response().setStatusCode(405).putHeader(HttpHeaders.ALLOW, "GET, HEAD").end();
      return;
    }
    switch (request.path() == null ? "" : request.path()) {
      case "/metrics" -> scrape(request.response());
      case "/health/live" -> health(request.response(), true);
      case "/health", "/health/ready" -> health(request.response(), ready.getAsBoolean());
      default -> request.response().setStatusCode(404).end();
    }
  }

  // Some thousand lines: not on the event loop.
  private void scrape(HttpServerResponse response) {
    vertx
        .executeBlocking(metrics::scrape, false)
        .onSuccess(text -> response.putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS).end(text))
        .onFailure(
            failure -> {
              LOG.error("the metrics could not be read", failure);
              response.setStatusCode(500).end();
            });
  }

  private static void health(HttpServerResponse response, boolean healthy) {
    response
        .setStatusCode(healthy ? 200 : 503)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(new JsonObject().put("status", healthy ? "healthy" : "unhealthy").toBuffer());
  }
}
