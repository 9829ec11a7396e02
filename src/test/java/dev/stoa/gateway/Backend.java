package dev.stoa.gateway;

import dev.stoa.discovery.ServiceInstance;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/** One instance of a service, as well or ill as a test wants it; answers with its own port. */
final class Backend implements AutoCloseable {

  /** What it does with a request. */
  enum Mood {
    WELL,
    /** 503. */
    FAILING,
    /** Answers after {@link #SLOW_MILLIS}. */
    SLOW,
    /** Never answers. */
    SILENT,
    /** Ends the connection instead of an answer. */
    RUDE
  }

  static final int SLOW_MILLIS = 40;

  final AtomicInteger requests = new AtomicInteger();
  volatile Mood mood = Mood.WELL;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final int port;

  Backend() {
    HttpServer server =
        GatewayFixture.await(
            vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    port = server.actualPort();
  }

  ServiceInstance of(String service) {
    return ServiceInstance.of(service, "127.0.0.1", port);
  }

  int port() {
    return port;
  }

  String name() {
    return Integer.toString(port);
  }

  private void handle(HttpServerRequest request) {
    requests.incrementAndGet();
    request.body().onSuccess(body -> answer(request, body.toString()));
  }

  private void answer(HttpServerRequest request, String body) {
    switch (mood) {
      case WELL -> well(request, body);
      case FAILING -> request.response().setStatusCode(503).end();
      case SLOW -> vertx.setTimer(SLOW_MILLIS, id -> well(request, body));
      case RUDE -> request.connection().close();
      case SILENT -> {}
    }
  }

  private void well(HttpServerRequest request, String body) {
    request.response().putHeader("X-Uri", request.uri()).putHeader("X-Body", body).end(name());
  }

  /** Dies: every connection breaks, and no new one comes about. */
  @Override
  public void close() {
    GatewayFixture.await(vertx.close());
  }
}
