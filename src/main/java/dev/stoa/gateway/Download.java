package dev.stoa.gateway;

import dev.stoa.upstream.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The way of the answer: its head, framed anew for the client's protocol, its body and trailers.
 */
final class Download {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Answer upstream;
  private final Pump pump;
  private boolean endsWithConnection;

  /**
   * Begins with the head.
   *
   * @param reader sees the body as it passes; null for nobody
   */
  Download(
      HttpServerRequest request, Answer upstream, Watchdog.Watch watch, Consumer<Buffer> reader) {
    this.request = request;
    this.response = request.response();
    this.upstream = upstream;
    response.setStatusCode(upstream.status());
    HeaderRules.toClient(upstream, response.headers());
    long length = Pump.UNKNOWN;
    if (hasBody()) {
      keepReason();
      length = RequestBody.length(upstream.get("Content-Length"));
      if (length == Pump.UNKNOWN) {
        frame();
      }
    }
    this.pump =
        new Pump(
            upstream,
            response,
            length,
            bytes -> {
              watch.touch();
              return true;
            },
            reader);
  }

  private boolean hasBody() {
    int status = upstream.status();
    return request.method() != HttpMethod.HEAD && status != 204 && status != 304;
  }

  /** Not for 304, which Vert.x recognizes by its reason. */
  private void keepReason() {
    if (!response.getStatusMessage().equals(upstream.reason())) {
      response.setStatusMessage(upstream.reason());
    }
  }

  private void frame() {
    if (request.version() != HttpVersion.HTTP_1_0) {
      response.setChunked(true);
      // Announces what chunks, and no other framing of ours, can carry.
      upstream
          .fields()
          .getAll("Trailer")
          .forEach(names -> response.headers().add("Trailer", names));
      return;
    }
    endsWithConnection = true;
    response.headersEndHandler(
        v -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
  }

  /** Starts the flow. */
  void start() {
    pump.start();
    if (hasBody()) {
      // A body that is here already leaves in one packet with the head; else the head goes ahead.
      upstream.onLull(this::writeHead);
    }
  }

  private void writeHead() {
    if (!pump.untouched() || response.closed()) {
      return;
    }
    if (endsWithConnection) {
      response.write("");
    } else {
      response.writeHead();
    }
  }

  /** The upstream's answer is complete. */
  void end() {
    if (upstream.trailers() != null && !response.ended() && response.isChunked()) {
      HeaderRules.trailers(upstream.trailers(), response.trailers());
    }
    pump.end();
    if (endsWithConnection) {
      request.connection().close();
    }
  }

  /** The upstream is gone; takes what had arrived before. */
  void flush() {
    pump.flush();
  }

  void stop() {
    pump.stop();
  }

  /** Whether it waits for the client to read. */
  boolean blocked() {
    return pump.blocked();
  }

  /** How much of it has been handed on. */
  long moved() {
    return pump.moved();
  }

  /** For how many nanoseconds it has waited for the client to read. */
  long blockedFor(long now) {
    return pump.blockedFor(now);
  }

  /** The longest silence that is not yet suspicious. */
  Duration patience(ProxyTarget.Timeouts timeouts) {
    String type = upstream.get("Content-Type");
    boolean eventStream =
        type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    return eventStream ? timeouts.stream() : timeouts.idle();
  }
}
