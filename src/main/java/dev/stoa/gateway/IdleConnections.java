package dev.stoa.gateway;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Closes connections that have had no request for too long, those that send the head of one ever so
 * slowly included. The server's own idle time-out cannot be used: it counts silence while an
 * exchange is running, too, and would end patient uploads and quiet streams. For one event loop.
 */
final class IdleConnections {
  private static final long SWEEP_MILLIS = 1_000;

  private static final class Use {
    int running;
    long idleSince = System.nanoTime();
  }

  private final Vertx vertx;
  private final Supplier<Duration> patience;
  private final Map<HttpConnection, Use> open = new IdentityHashMap<>();
  private final long timer;

  IdleConnections(Vertx vertx, Supplier<Duration> patience) {
    this.vertx = vertx;
    this.patience = patience;
    this.timer = vertx.setPeriodic(SWEEP_MILLIS, id -> sweep());
  }

  void opened(HttpConnection connection) {
    open.put(connection, new Use());
    Wire.onClose(connection, () -> open.remove(connection));
  }

  /** Counts the exchanges that {@code handler} is given. */
  Handler<HttpServerRequest> watching(Handler<HttpServerRequest> handler) {
    return request -> {
      Use use = open.get(request.connection());
      if (use != null) {
        use.running++;
        request
            .response()
            .endHandler(
                v -> {
                  use.running--;
                  use.idleSince = System.nanoTime();
                });
      }
      handler.handle(request);
    };
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  private void sweep() {
    long now = System.nanoTime();
    long most = patience.get().toNanos();
    List<HttpConnection> idle = new ArrayList<>();
    open.forEach(
        (connection, use) -> {
          if (use.running == 0 && now - use.idleSince > most) {
            idle.add(connection);
          }
        });
    idle.forEach(HttpConnection::close);
  }
}
