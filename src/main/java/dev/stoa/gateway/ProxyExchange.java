package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * One request on its way to an upstream and the answer on its way back. Everything happens on one
 * event loop. Ends, failures and time-outs of either side come in any order; the first one to reach
 * {@link #close} decides the outcome.
 */
final class ProxyExchange {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int MOST_HINTS = 8;

  /** What the rest of an unwanted answer may take, before its connection is given up. */
  private static final Duration REST = Duration.ofSeconds(1);

  /** How long a connection may take is the client's to say; this only keeps the watch awake. */
  private static final Duration UNTIL_CONNECTED = Duration.ofDays(1);

  private final Vertx vertx;
  private final Watchdog watchdog;
  private final Crowd crowd;
  private final Watchdog.Watch watch;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ProxyTarget target;
  private final UpstreamLink upstream;
  private final ProxyObserver observer;
  private final boolean upgrade;
  private final Upload upload;
  private final ClientPace pace;
  private final Promise<Void> over = Promise.promise();

  private Download download;
  private int hinted;
  private boolean connected;
  private boolean answered;
  private boolean closed;

  ProxyExchange(
      Proxy proxy,
      HttpClient client,
      HttpServerRequest request,
      ProxyTarget target,
      ProxyObserver observer) {
    this.vertx = proxy.vertx();
    this.upstream = new UpstreamLink(client, request, target, this::upstreamFailed);
    this.watchdog = proxy.watchdog();
    this.crowd = proxy.crowd();
    this.watch = watchdog.watch(this::silent, this::clientIsTooSlow);
    this.request = request;
    this.response = request.response();
    this.target = target;
    this.observer = observer;
    this.upgrade = Tunnel.wanted(request);
    this.upload = new Upload(vertx, request, target, watch);
    this.pace = new ClientPace(request, target.timeouts().least(), upload);
  }

  /** Carries it out, as {@link Proxy#forward} says. */
  Future<Void> run() {
    response.closeHandler(v -> clientGone());
    response.exceptionHandler(failure -> clientGone());
    request.exceptionHandler(failure -> clientGone());
    return start();
  }

  /** The same for a caller that itself tells of the end of the client. */
  Future<Void> start() {
    if (!request.isEnded()) {
      request.pause();
    }
    if (response.closed()) {
      abandon();
      return over.future();
    }
    if (crowd.enter(target.server(), this)) {
      crowd.press(target.server());
      watch.within(UNTIL_CONNECTED);
    }
    try {
      upload.checkDeclaredLength();
      connect();
    } catch (ProblemException refusal) {
      fail(refusal);
    }
    return over.future();
  }

  private void connect() {
    upstream.open().onSuccess(this::connected).onFailure(this::notConnected);
  }

  private void notConnected(Throwable cause) {
    ProblemException problem = UpstreamFailure.of(cause);
    if (!closed) {
      observer.unreachable(problem);
    }
    fail(problem);
  }

  private void connected(HttpClientRequest outbound) {
    if (closed) {
      upstream.drop();
      return;
    }
    try {
      send(outbound);
    } catch (IllegalArgumentException malformed) {
      fail(new ProblemException(ProblemType.MALFORMED_REQUEST, "A header field is not valid."));
    }
  }

  private void send(HttpClientRequest outbound) {
    connected = true;
    HeaderRules.toUpstream(request, target, upgrade, outbound.headers());
    observer.sending(outbound.headers());
    outbound.earlyHintsHandler(this::hinted);
    outbound.response().onSuccess(this::responded);
    upstream.use();
    watch.within(target.timeouts().idle());
    if (upgrade) {
      upload.skip();
      outbound.connect();
      uploaded();
    } else {
      upload.to(outbound).onSuccess(v -> uploaded()).onFailure(t -> fail((ProblemException) t));
    }
  }

  /** Hints are not worth a queue: what a client does not take at once, and a flood, is left out. */
  private void hinted(MultiMap hints) {
    boolean may = !closed && !answered && request.version() != HttpVersion.HTTP_1_0;
    if (may && hinted < MOST_HINTS && !response.writeQueueFull()) {
      hinted++;
      response.writeEarlyHints(HeaderRules.interim(hints));
    }
  }

  private void uploaded() {
    if (!answered && !closed) {
      observer.sent();
      watch.within(target.responseWithin());
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
    answer.exceptionHandler(this::upstreamFailed);
    if (status < 200 && !(upgrade && status == SWITCHING_PROTOCOLS)) {
      // An interim response unknown to Vert.x, which takes it for the final one.
      fail(UpstreamFailure.protocol());
      return;
    }
    if (!observer.accepts(answer)) {
      discard(answer);
      return;
    }
    observer.answered(answer);
    answered = true;
    if (status == SWITCHING_PROTOCOLS) {
      tunnel(answer);
      return;
    }
    download = new Download(request, answer, watch, observer.reader(answer));
    pace.answering(download);
    answer.endHandler(v -> downloaded());
    watch.within(download.patience(target.timeouts()));
    download.start(vertx);
  }

  private void tunnel(HttpClientResponse answer) {
    closed = true;
    watch.cancel();
    crowd.leave(target.server(), this);
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
      upstream.drop();
    }
    UnreadBody.discard(vertx, request);
    observer.completed();
    over.complete();
  }

  /** The rest of it may pass for a moment, which keeps the connection. */
  private void discard(HttpClientResponse answer) {
    close();
    Watchdog.Watch rest = watchdog.watch(upstream::drop);
    rest.within(REST);
    answer.exceptionHandler(failure -> rest.cancel());
    answer.endHandler(v -> rest.cancel());
    over.fail(UpstreamFailure.protocol());
  }

  /** Ends without a word to the client, which somebody else answers. */
  void cancel() {
    if (close()) {
      breakUpstream();
      over.complete();
    }
  }

  /** Whether the request could be sent once more: nothing of its body is lost. */
  boolean repeatable() {
    return upload.repeatable();
  }

  private void upstreamFailed(Throwable cause) {
    if (closed) {
      return;
    }
    if (answered && UpstreamFailure.closed(cause)) {
      // The end of the body may be among what has arrived and waits for a slow client.
      download.flush();
      vertx.runOnContext(v -> fail(UpstreamFailure.of(cause)));
    } else if (!answered && upload.repeatable() && upstream.stale(cause)) {
      connect();
    } else {
      fail(UpstreamFailure.of(cause));
    }
  }

  private boolean clientIsTooSlow(long now) {
    if (!connected) {
      crowd.press(target.server());
    }
    return connected && pace.isTooSlow(now);
  }

  /** For how many nanoseconds the client has kept it waiting. */
  long waitedForClient(long now) {
    return pace.waitedFor(now);
  }

  /** Others need what it holds while its client does nothing with it. */
  void giveUpOnClient() {
    silent();
  }

  private void silent() {
    boolean clients = pace.isClients();
    if (answered && clients) {
      Wire.reset(request);
      abandon();
    } else if (clients) {
      fail(new ProblemException(ProblemType.REQUEST_TIMEOUT, "The request body stopped."));
    } else {
      fail(UpstreamFailure.timeout("The upstream service did not answer in time."));
    }
  }

  /** The client has gone, or has just been answered. */
  void clientGone() {
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
    crowd.leave(target.server(), this);
    upload.stop();
    return first;
  }

  private void breakUpstream() {
    if (download != null) {
      download.stop();
    }
    upstream.drop();
  }
}
