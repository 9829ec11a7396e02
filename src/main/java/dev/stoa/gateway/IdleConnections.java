package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Closes connections that have had no request for too long, those that send the head of one ever so
 * slowly included, or whose clients take nothing of the last answer. The server's own idle time-out
 * cannot be used: it counts silence while an exchange is running, too, and would end patient
 * uploads and quiet streams. For one event loop.
 *
 * <p>When the process leaves, whoever keeps a connection learns of it with the next answer ({@code
 * Connection: close}, RFC 9112, section 9.6) or, over HTTP/2, at once (GOAWAY, RFC 9113, section
 * 6.8): a connection that is closed while a request is on its way takes that request with it.
 */
final class IdleConnections {
  private static final long SWEEP_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 50;
  private static final long NO_ERROR = 0;

  /** Who asked within this time may be about to ask again, and is waited for as long. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final class Use {
    int running;
    long idleSince = System.nanoTime();
    long unsent; // of what was answered
    HttpServerResponse next; // or last, over HTTP/1
    boolean told; // over HTTP/2
  }

  private final Vertx vertx;
  private final Supplier<Duration> patience;
  private final Supplier<Duration> silence;
  private final BooleanSupplier leaving;
  private final Map<HttpConnection, Use> open = new IdentityHashMap<>();
  private final long timer;
  private boolean draining;

  /**
   * Watches from now on.
   *
   * @param patience how long a connection may be without a request
   * @param silence how long one may take nothing of what it was answered
   * @param leaving whether the process is shutting down
   */
  IdleConnections(
      Vertx vertx,
      Supplier<Duration> patience,
      Supplier<Duration> silence,
      BooleanSupplier leaving) {
    this.vertx = vertx;
    this.patience = patience;
    this.silence = silence;
    this.leaving = leaving;
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
        begin(request, use);
      }
      handler.handle(request);
    };
  }

  private void begin(HttpServerRequest request, Use use) {
    use.running++;
    boolean multiplexed = request.version() == HttpVersion.HTTP_2;
    use.next = multiplexed ? null : request.response();
    if (isLeaving()) {
      tell(request.connection(), use);
    }
    request
        .response()
        .endHandler(
            v -> {
              use.running--;
              use.idleSince = System.nanoTime();
              // Whoever was not told may have sent the next request already.
              if (isLeaving() && !multiplexed && request.isEnded() && isTold(request)) {
                Wire.end(request.connection());
              }
            });
  }

  private static boolean isTold(HttpServerRequest request) {
    MultiMap sent = request.response().headers();
    return sent.contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
  }

  private boolean isLeaving() {
    return draining || leaving.getAsBoolean();
  }

  private static void tell(HttpConnection connection, Use use) {
    if (use.next != null && !use.next.headWritten()) {
      use.next.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    } else if (!use.told && Wire.isHttp2(connection)) {
      use.told = true;
      connection.goAway(NO_ERROR, Integer.MAX_VALUE); // what is on its way is still taken
    }
  }

  /**
   * Takes no connection any more, and completes when there is none left that was in use lately;
   * after {@link #GRACE} at most. Exchanges that run are not waited for.
   */
  Future<Void> drain() {
    draining = true;
    vertx.cancelTimer(timer);
    open.keySet().stream().findAny().ifPresent(Wire::stopAccepting);
    open.forEach(IdleConnections::tell);
    return settle(System.nanoTime() + GRACE.toNanos());
  }

  // What was accepted just before is there by the time of the first look.
  private Future<Void> settle(long until) {
    return vertx
        .timer(LOOK_MILLIS, TimeUnit.MILLISECONDS)
        .compose(
            passed -> {
              long now = System.nanoTime();
              boolean awaited =
                  open.values().stream()
                      .anyMatch(u -> u.running == 0 && now - u.idleSince < GRACE.toNanos());
              return awaited && now - until < 0 ? settle(until) : Future.succeededFuture();
            });
  }

  private void sweep() {
    long now = System.nanoTime();
    List<HttpConnection> idle = new ArrayList<>();
    open.forEach(
        (connection, use) -> {
          if (use.running == 0 && isIdle(connection, use, now)) {
            idle.add(connection);
          }
        });
    idle.forEach(IdleConnections::end);
  }

  /** Of one that waits for its peer it is the silence in a body that counts. */
  private boolean isIdle(HttpConnection connection, Use use, long now) {
    long unsent = Wire.unsent(connection);
    if (unsent != use.unsent) {
      use.unsent = unsent;
      use.idleSince = now;
    }
    return now - use.idleSince > (unsent > 0 ? silence : patience).get().toNanos();
  }

  private static void end(HttpConnection connection) {
    if (Wire.unsent(connection) > 0) {
      Wire.reset(connection); // a close would wait until it was taken
    } else {
      connection.close();
    }
  }
}
