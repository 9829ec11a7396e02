package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code GET /api/admin/events}: for admins, changes of state as they happen ({@code change}, those
 * that are kept first, or those after {@code Last-Event-ID}) and the map every other second ({@code
 * traffic}). A stream ends with {@code bye} when its token does, when it is old, when its client
 * reads too slowly and when the gateway stops. One per verticle, for its event loop.
 */
final class EventsEndpoint {
  static final String PATH = "/api/admin/events";

  private static final int MAX_STREAMS = 32;
  private static final long BEAT_MILLIS = 10_000;
  private static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(30);

  private static final class Open {
    final EventStream stream;
    final Exchange exchange;
    final long sinceNanos = System.nanoTime();
    Runnable endChanges;
    Runnable endMaps;

    Open(EventStream stream, Exchange exchange) {
      this.stream = stream;
      this.exchange = exchange;
    }
  }

  private final Vertx vertx;
  private final Authentication authentication;
  private final Lookout lookout;
  private final Set<Open> open = new HashSet<>();

  EventsEndpoint(Vertx vertx, Authentication authentication, Lookout lookout) {
    this.vertx = vertx;
    this.authentication = authentication;
    this.lookout = lookout;
    vertx.setPeriodic(BEAT_MILLIS, id -> beat());
  }

  /** Of an admin. */
  Future<Void> follow(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    HttpServerResponse response =
        request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
            .putHeader("X-Accel-Buffering", "no");
    if (request.method().equals(HttpMethod.HEAD)) {
      Future<Void> written = response.end();
      UnreadBody.discard(vertx, request);
      return written;
    }
    if (open.size() >= MAX_STREAMS) {
      throw new ProblemException(
              ProblemType.OVERLOADED, "As many clients as may are following the events.")
          .withHeader("Retry-After", "30");
    }
    Future<Void> begun = response.setChunked(true).writeHead();
    UnreadBody.discard(vertx, request);
    begin(exchange);
    return begun; // counted as a request that took no time, rather than as one of half an hour
  }

  private void begin(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    Open entry = new Open(new EventStream(vertx, request), exchange);
    open.add(entry);
    entry.stream.replace(lookout.event());
    entry.endChanges =
        lookout
            .log()
            .follow(
                request.getHeader("Last-Event-ID"),
                change ->
                    entry.stream.send(
                        EventStream.event(change.id(), "change", change.change().toJson())));
    entry.endMaps = lookout.follow(entry.stream::replace);
    request
        .response()
        .closeHandler(closed -> forget(entry))
        .exceptionHandler(failure -> forget(entry));
  }

  private void forget(Open entry) {
    if (open.remove(entry)) {
      entry.endChanges.run();
      entry.endMaps.run();
      entry.stream.gone();
    }
  }

  private void end(Open entry, String why) {
    entry.stream.end(why);
    forget(entry);
  }

  private void beat() {
    long now = System.nanoTime();
    for (Open entry : List.copyOf(open)) {
      if (entry.stream.ended()) {
        forget(entry);
      } else if (now - entry.sinceNanos > LIFE_NANOS) {
        end(entry, "old: ask again");
      } else if (!authentication.isAdmin(entry.exchange)) {
        end(entry, "the token is not good any more");
      } else {
        entry.stream.beat();
      }
    }
  }

  /** The gateway stops: streams do not hold it up. */
  void close() {
    List.copyOf(open).forEach(entry -> end(entry, "the gateway stops"));
  }
}
