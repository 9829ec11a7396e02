package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Set;

/**
 * One request on its way to an upstream and the answer on its way back. Everything happens on one
 * event loop. Ends, failures and time-outs of either side come in any order; the first one to reach
 * {@link #close} decides the outcome.
 */
final class ProxyExchange {
  private static final Set<HttpMethod> REPEATABLE =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);
  private static final int MAX_ATTEMPTS = 3;
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Vertx vertx;
  private final HttpClient client;
  private final Watchdog watchdog;
  private final Watchdog.Watch watch;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ProxyTarget target;
  private final ProxyObserver observer;
  private final boolean upgrade;
  private final Promise<Void> over = Promise.promise();

  private Upload upload;
  private HttpClientRequest upstream;
  private boolean sent;
  private boolean answered;
  private Download download;
  private int attempts;
  private boolean closed;

  ProxyExchange(
      Vertx vertx,
      HttpClient client,
      Watchdog watchdog,
      HttpServerRequest request,
      ProxyTarget target,
      ProxyObserver observer) {
    this.vertx = vertx;
    this.client = client;
    this.watchdog = watchdog;
    this.watch = watchdog.watch(this::silent);
    this.request = request;
    this.response = request.response();
    this.target = target;
    this.observer = observer;
    this.upgrade = Tunnel.wanted(request);
  }

  Future<Void> run() {
    if (!request.isEnded()) {
      request.pause();
    }
    if (response.closed()) {
      abandon();
      return over.future();
    }
    upload = new Upload(vertx, request, target.maxBody(), watch);
    response.closeHandler(v -> clientGone());
    response.exceptionHandler(failure -> clientGone());
    request.exceptionHandler(failure -> clientGone());
    try {
      upload.checkDeclaredLength();
      connect();
    } catch (ProblemException refusal) {
      fail(refusal);
    }
    return over.future();
  }

  private void connect() {
    attempts++;
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setServer(target.server())
            .setHost(target.server().host())
            .setPort(target.server().port())
            .setSsl(target.tls())
            .setURI(target.uri())
            .setConnectTimeout(target.timeouts().connect().toMillis());
    client.request(options).onComplete(this::connected);
  }

  private void connected(AsyncResult<HttpClientRequest> connection) {
    if (connection.failed()) {
      boolean closedInThePool = connection.cause() instanceof HttpClosedException;
      if (closedInThePool && attempts < MAX_ATTEMPTS && !closed) {
        connect();
      } else {
        fail(UpstreamFailure.of(connection.cause()));
      }
      return;
    }
    upstream = connection.result();
    HttpClientRequest mine = upstream;
    upstream.exceptionHandler(failure -> upstreamFailed(mine, failure));
    if (closed) {
      upstream.reset();
      return;
    }
    try {
      send();
    } catch (IllegalArgumentException malformed) {
      fail(new ProblemException(ProblemType.MALFORMED_REQUEST, "A header field is not valid."));
    }
  }

  private void send() {
    HttpClientRequest mine = upstream;
    HeaderRules.toUpstream(request, target, upgrade, upstream.headers());
    upstream.earlyHintsHandler(
        hints -> {
          if (!closed && !answered && request.version() != HttpVersion.HTTP_1_0) {
            response.writeEarlyHints(HeaderRules.interim(hints));
          }
        });
    upstream
        .response()
        .onSuccess(this::responded)
        .onFailure(failure -> upstreamFailed(mine, failure));
    sent = true;
    watch.within(target.timeouts().idle());
    if (upgrade && upload.repeatable()) {
      upload.skip();
      upstream.connect();
      uploaded();
    } else {
      upload.to(upstream).onSuccess(v -> uploaded()).onFailure(t -> fail((ProblemException) t));
    }
  }

  private void uploaded() {
    if (!answered && !closed) {
      watch.within(target.timeouts().response());
    }
  }

  private void responded(HttpClientResponse answer) {
    if (closed) {
      return;
    }
    try {
      pass(answer);
    } catch (IllegalArgumentException malformed) {
      fail(UpstreamFailure.protocol());
    }
  }

  private void pass(HttpClientResponse answer) {
    int status = answer.statusCode();
    HttpClientRequest mine = upstream;
    answer.exceptionHandler(failure -> upstreamFailed(mine, failure));
    if (status < 200 && !(upgrade && status == SWITCHING_PROTOCOLS)) {
      // An interim response unknown to Vert.x, which takes it for the final one.
      fail(UpstreamFailure.protocol());
      return;
    }
    observer.answered(status);
    answered = true;
    if (status == SWITCHING_PROTOCOLS) {
      tunnel(answer);
      return;
    }
    download = new Download(request, answer, watch);
    answer.endHandler(v -> downloaded());
    watch.within(download.patience(target.timeouts()));
    download.start(vertx);
  }

  private void tunnel(HttpClientResponse answer) {
    closed = true;
    watch.cancel();
    new Tunnel(vertx, watchdog, target.timeouts(), answer)
        .open(request)
        .onComplete(result -> over.complete());
  }

  private void downloaded() {
    if (closed) {
      return;
    }
    close();
    download.end();
    if (!upload.ended() || upgrade) {
      // The upstream still expects a body, or (after a refused upgrade) Vert.x still does.
      Wire.reset(upstream.connection());
    }
    UnreadBody.discard(vertx, request);
    over.complete();
  }

  private void upstreamFailed(HttpClientRequest which, Throwable cause) {
    if (closed || which != upstream) {
      return;
    }
    if (answered && UpstreamFailure.closed(cause)) {
      // The end of the body may be among what has arrived and waits for a slow client.
      download.flush();
      vertx.runOnContext(v -> fail(UpstreamFailure.of(cause)));
    } else if (!answered && stale(cause)) {
      sent = false;
      connect();
    } else {
      fail(UpstreamFailure.of(cause));
    }
  }

  /**
   * Whether the upstream closed an idle connection in the moment we used it again, and to ask once
   * more does no harm (RFC 9112, section 9.3.1).
   */
  private boolean stale(Throwable cause) {
    boolean reused = upstream.streamId() > 1;
    return reused
        && attempts < MAX_ATTEMPTS
        && UpstreamFailure.closed(cause)
        && upload.repeatable()
        && REPEATABLE.contains(request.method());
  }

  private void silent() {
    boolean sending = upload.blocked();
    boolean receiving = download != null && download.blocked();
    if (answered && (receiving || !upload.ended() && !sending)) {
      Wire.reset(request);
      abandon();
    } else if (!answered && !upload.ended() && !sending) {
      fail(new ProblemException(ProblemType.REQUEST_TIMEOUT, "The request body stopped."));
    } else {
      fail(UpstreamFailure.timeout("The upstream service did not answer in time."));
    }
  }

  private void clientGone() {
    // HTTP/2 tells of the close of a complete stream, too.
    if (!response.ended()) {
      abandon();
    }
  }

  private void abandon() {
    if (close()) {
      breakUpstream();
      observer.abandoned();
      over.complete();
    }
  }

  private void fail(ProblemException problem) {
    if (!close()) {
      return;
    }
    breakUpstream();
    if (answered) {
      Wire.reset(request);
      observer.broken(problem);
      over.complete();
    } else {
      over.fail(problem);
    }
  }

  /** Ends the exchange; true if it was not over before. */
  private boolean close() {
    boolean first = !closed;
    closed = true;
    watch.cancel();
    if (upload != null) {
      upload.stop();
    }
    return first;
  }

  private void breakUpstream() {
    if (download != null) {
      download.stop();
    }
    if (upstream != null && sent) {
      Wire.reset(upstream.connection());
    } else if (upstream != null) {
      upstream.reset();
    }
  }
}
