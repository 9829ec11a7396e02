package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.upstream.Call;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.Set;

/** The way of the request body: framing, limit, and {@code 100 Continue}. */
final class Upload {
  private static final Set<HttpMethod> USUALLY_WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final long maxBody;
  private final Optional<Buffer> buffered;
  private final Watchdog.Watch watch;
  private final Promise<Void> done = Promise.promise();
  private RequestBody body;
  private Pump pump;
  private long received;
  private boolean ended;
  private boolean stopped;

  Upload(Vertx vertx, HttpServerRequest request, ProxyTarget target, Watchdog.Watch watch) {
    this.vertx = vertx;
    this.request = request;
    this.maxBody = target.maxBody();
    this.buffered = target.body();
    this.watch = watch;
    this.body = RequestBody.of(request);
  }

  /** Refuses a body that says itself that it is too long. */
  void checkDeclaredLength() {
    checkDeclaredLength(request.headers(), maxBody);
  }

  /** The same of a head; {@code maxBody} in bytes. */
  static void checkDeclaredLength(MultiMap headers, long maxBody) {
    if (RequestBody.length(headers.get(HttpHeaders.CONTENT_LENGTH)) > maxBody) {
      throw tooLarge();
    }
  }

  /**
   * Sends head and body. Completes when all of it was handed over; fails with a {@link
   * ProblemException} if the body is longer than allowed.
   */
  Future<Void> to(Call upstream) {
    if (buffered.isPresent()) {
      sendBuffered(upstream, buffered.get());
      return done.future();
    }
    switch (body) {
      case NONE -> sendWithout(upstream);
      case SIZED, STREAMED -> sendWith(upstream);
      case UNCERTAIN -> sendWhenCertain(upstream);
    }
    if (!request.isEnded()) {
      request.resume();
    }
    return done.future();
  }

  private void sendWithout(Call upstream) {
    if (USUALLY_WITH_BODY.contains(request.method())) {
      upstream.fields().set("Content-Length", "0");
    }
    ended = true;
    upstream.end();
    done.tryComplete();
  }

  private void sendBuffered(Call upstream, Buffer whole) {
    upstream.fields().set("Content-Length", Integer.toString(whole.length()));
    ended = true;
    upstream.end(whole);
    done.tryComplete();
  }

  private void sendWith(Call upstream) {
    start(upstream);
    if (HeaderRules.expectsContinue(request) && request.version() != HttpVersion.HTTP_1_0) {
      request.response().writeContinue();
    }
    // A body that is here already leaves in one packet with the head; else the head goes ahead.
    vertx.runOnContext(
        v -> {
          if (pump.untouched()) {
            upstream.sendHead();
          }
        });
  }

  private void sendWhenCertain(Call upstream) {
    request.endHandler(
        v -> {
          body = RequestBody.NONE;
          if (!stopped) {
            sendWithout(upstream);
          }
        });
    request.handler(
        first -> {
          if (!stopped) {
            body = RequestBody.STREAMED;
            start(upstream);
            pump.move(first);
          }
        });
  }

  private void start(Call upstream) {
    long length = RequestBody.length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    if (length == Pump.UNKNOWN) {
      upstream.chunked();
    }
    pump = new Pump(request, upstream, length, this::admit).start();
    request.endHandler(v -> end());
  }

  private boolean admit(int bytes) {
    watch.touch();
    received += bytes;
    if (received > maxBody) {
      pump.stop();
      done.tryFail(tooLarge());
      return false;
    }
    return true;
  }

  private void end() {
    ended = true;
    pump.end();
    done.tryComplete();
  }

  /** For a request without a body whose head is sent by someone else. */
  void skip() {
    ended = true;
    if (!request.isEnded()) {
      request.resume();
    }
  }

  void stop() {
    stopped = true;
    if (pump != null) {
      pump.stop();
    }
  }

  /** Whether the request was received to its end. */
  boolean ended() {
    return ended;
  }

  /** How much of it has come. */
  long received() {
    return received;
  }

  /** Whether it waits for the upstream to read. */
  boolean blocked() {
    return pump != null && pump.blocked();
  }

  /** Whether the request could be sent once more: nothing of it is lost. */
  boolean repeatable() {
    return body == RequestBody.NONE || buffered.isPresent();
  }

  private static ProblemException tooLarge() {
    return new ProblemException(ProblemType.PAYLOAD_TOO_LARGE, "The request body is too large.");
  }
}
