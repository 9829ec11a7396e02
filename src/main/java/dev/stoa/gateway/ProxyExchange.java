package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Call;
import dev.stoa.upstream.CallListener;
import dev.stoa.upstream.ConnectionPool;
import dev.stoa.upstream.Fields;
import dev.stoa.upstream.Origin;
import dev.stoa.upstream.Taker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * One request on its way to an upstream and the answer on its way back. Everything happens on one
 * event loop. Ends, failures and time-outs of either side come in any order; the first one to reach
 * {@link #close} decides the outcome.
 *
 * <p>A pooled connection may be closed by the upstream in the very moment it is used again; that is
 * nobody's failure (RFC 9112, section 9.3.1), and where the request may be sent again it is.
 */
final class ProxyExchange implements Taker, CallListener {
  private static final int MAX_ATTEMPTS = 3;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int MOST_HINTS = 8;

  /** What the rest of an unwanted answer may take, before its connection is given up. */
  private static final Duration REST = Duration.ofSeconds(1);

  /** How long a connection may take is the client's to say; this only keeps the watch awake. */
  private static final Duration UNTIL_CONNECTED = Duration.ofDays(1);

  private final Vertx vertx;
  private final ConnectionPool pool;
  private final Watchdog watchdog;
  private final Crowd crowd;
  private final Watchdog.Watch watch;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ProxyTarget target;
  private final ProxyObserver observer;
  private final boolean upgrade;
  private final Upload upload;
  private final ClientPace pace;
  private final Promise<Void> over = Promise.promise();

  private Call call; // null before there is a connection
  private int attempts;
  private Download download;
  private int hinted;
  private boolean connected;
  private boolean answered;
  private boolean closed;

  ProxyExchange(
      Proxy proxy, HttpServerRequest request, ProxyTarget target, ProxyObserver observer) {
    this.vertx = proxy.vertx();
    this.pool = proxy.pool();
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
    attempts++;
    call = null;
    long within = target.connectWithin().toMillis();
    // Where one was closed by its server, others that were idle as long may be, too.
    boolean mayBeOld = attempts == 1 && isRepeatable();
    pool.take(new Origin(target.server(), target.tls()), within, mayBeOld, this);
  }

  @Override
  public void notTaken(Throwable cause) {
    ProblemException problem = UpstreamFailure.of(cause);
    if (!closed) {
      observer.unreachable(problem);
    }
    fail(problem);
  }

  @Override
  public void taken(Call taken) {
    call = taken.request(request.method().name(), target.uri(), this);
    if (closed) {
      call.drop();
      return;
    }
    connected = true;
    try {
      HeaderRules.toUpstream(request, target, upgrade, call.fields());
      observer.sending(call.fields());
      call.check();
    } catch (IllegalArgumentException malformed) {
      fail(new ProblemException(ProblemType.MALFORMED_REQUEST, "A header field is not valid."));
      return;
    }
    send();
  }

  private void send() {
    watch.within(target.timeouts().idle());
    if (upgrade) {
      upload.skip();
      call.upgrade().sendHead();
      uploaded();
    } else {
      upload.to(call).onSuccess(v -> uploaded()).onFailure(t -> fail((ProblemException) t));
    }
  }

  /** Hints are not worth a queue: what a client does not take at once, and a flood, is left out. */
  @Override
  public void hinted(Fields hints) {
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

  @Override
  public void answered(Answer answer) {
    if (closed) {
      return;
    }
    if (!observer.accepts(answer)) {
      discard(answer);
      return;
    }
    observer.answered(answer);
    if (answer.status() == SWITCHING_PROTOCOLS) {
      tunnel(answer);
    } else {
      download(answer);
    }
  }

  private void download(Answer answer) {
    try {
      download = new Download(request, answer, watch, observer.reader(answer));
    } catch (IllegalArgumentException malformed) {
      malformed();
      return;
    }
    answered = true;
    pace.answering(download);
    answer.endHandler(v -> downloaded());
    watch.within(download.patience(target.timeouts()));
    download.start();
  }

  private void malformed() {
    response.headers().clear(); // what the answer has left there
    fail(UpstreamFailure.protocol());
  }

  private void tunnel(Answer answer) {
    Tunnel tunnel = new Tunnel(vertx, watchdog, target.timeouts(), call, answer);
    try {
      tunnel.begin(request);
    } catch (IllegalArgumentException malformed) {
      malformed();
      return;
    }
    answered = true;
    Future<Void> end = tunnel.open(request); // if this throws, the exchange has failed
    closed = true;
    watch.cancel();
    crowd.leave(target.server(), this);
    end.onComplete(result -> over.complete());
  }

  private void downloaded() {
    if (closed) {
      return;
    }
    close();
    download.end();
    UnreadBody.discard(vertx, request);
    observer.completed();
    over.complete();
  }

  /** The rest of it may pass for a moment, which keeps the connection. */
  private void discard(Answer answer) {
    close();
    Watchdog.Watch rest = watchdog.watch(call::drop);
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

  @Override
  public void failed(Throwable cause) {
    if (closed) {
      return;
    }
    if (answered && UpstreamFailure.closed(cause)) {
      // The end of the body may be among what has arrived and waits for a slow client.
      download.flush();
      fail(UpstreamFailure.of(cause));
    } else if (!answered && isStale(cause)) {
      connect();
    } else {
      fail(UpstreamFailure.of(cause));
    }
  }

  private boolean isStale(Throwable cause) {
    return call.reused()
        && attempts < MAX_ATTEMPTS
        && UpstreamFailure.closed(cause)
        && isRepeatable();
  }

  private boolean isRepeatable() {
    return upload.repeatable() && Methods.IDEMPOTENT.contains(request.method());
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
    if (call != null) {
      call.drop();
    }
  }
}
