package dev.stoa.e2e;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service of somebody else's behind the gateway: it sends mails and counts them, breaks off at
 * {@code …/broken} and says nothing at {@code …/silent}.
 */
final class MailUpstream implements AutoCloseable {
  private final AtomicInteger mails = new AtomicInteger();
  private final HttpServer server;

  MailUpstream(Vertx vertx) {
    this.server =
        Shop.await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  }

  int port() {
    return server.actualPort();
  }

  int mails() {
    return mails.get();
  }

  private void answer(HttpServerRequest request) {
    if (request.path().endsWith("/broken")) {
      request.connection().close();
    } else if (!request.path().endsWith("/silent")) {
      request.response().setStatusCode(202).end("mail " + mails.incrementAndGet());
    }
  }

  @Override
  public void close() {
    Shop.await(server.close());
  }
}
