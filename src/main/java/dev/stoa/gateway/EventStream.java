package dev.stoa.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One client of the events, as a stream of server-sent events (WHATWG HTML, section 9.2). Changes
 * of state wait for a client that reads slowly, up to a bound at which it is let go; of the maps it
 * gets the newest. For the event loop of its request, but for {@link #send} and {@link #replace}.
 */
final class EventStream {
  /** More than what is kept of changes, all of which a newcomer gets at once. */
  private static final int MAX_WAITING = 512;

  private static final long GRACE_MILLIS = 5_000;

  private final Vertx vertx;
  private final Context context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Deque<String> waiting = new ArrayDeque<>();
  private String newest;
  private boolean ended;

  EventStream(Vertx vertx, HttpServerRequest request) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.response = request.response();
    response.drainHandler(drained -> flush());
  }

  /** An event in the format of the stream; {@code id} may be null. */
  static String event(String id, String name, JsonObject data) {
    String number = id == null ? "" : "id: " + id + '\n';
    return number + "event: " + name + "\ndata: " + data.encode() + "\n\n";
  }

  /** Sends an event after those before it. */
  void send(String event) {
    context.runOnContext(
        go -> {
          waiting.addLast(event);
          flush();
          if (waiting.size() > MAX_WAITING) {
            waiting.clear();
            end("too slow: more events wait than are kept for one client");
          }
        });
  }

  /** Sends an event in the place of the one before that was sent so and still waits. */
  void replace(String event) {
    context.runOnContext(
        go -> {
          newest = event;
          flush();
        });
  }

  /** Lets the other end know that this one lives. */
  void beat() {
    if (!ended && waiting.isEmpty() && !response.writeQueueFull()) {
      write(": \n\n");
    }
  }

  /** Says why and ends; a client that does not even read that is cut off. */
  void end(String why) {
    if (ended) {
      return;
    }
    ended = true;
    Buffer bye = Buffer.buffer(event(null, "bye", new JsonObject().put("reason", why)));
    Future<Void> read = response.end(bye);
    read.onFailure(gone -> {});
    vertx.setTimer(
        GRACE_MILLIS,
        id -> {
          if (!read.isComplete()) {
            Wire.reset(request);
          }
        });
  }

  boolean ended() {
    return ended;
  }

  /** The client has gone. */
  void gone() {
    ended = true;
    waiting.clear();
  }

  private void flush() {
    while (!ended && !response.writeQueueFull() && !waiting.isEmpty()) {
      write(waiting.removeFirst());
    }
    if (!ended && newest != null && !response.writeQueueFull()) {
      String event = newest;
      newest = null;
      write(event);
    }
  }

  // A client that has gone is noticed by whoever listens for that.
  private void write(String text) {
    response.write(text).onFailure(gone -> {});
  }
}
