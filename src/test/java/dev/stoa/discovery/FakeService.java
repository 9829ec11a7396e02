package dev.stoa.discovery;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** A service whose health a test decides. */
final class FakeService implements AutoCloseable {
  private final String name;
  private final HttpServer server;
  private volatile int health = 200;

  private FakeService(Vertx vertx, String name) {
    this.name = name;
    this.server =
        Waiting.on(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(health).end())
                .listen(0, "127.0.0.1"));
  }

  static FakeService named(Vertx vertx, String name) {
    return new FakeService(vertx, name);
  }

  ServiceInstance instance() {
    return ServiceInstance.of(name, "127.0.0.1", server.actualPort());
  }

  void health(int status) {
    health = status;
  }

  @Override
  public void close() {
    Waiting.on(server.close());
  }
}
