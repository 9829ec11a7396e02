package dev.stoa.gateway;

import dev.stoa.discovery.Lease;
import dev.stoa.idempotency.Claim;
import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.idempotency.KeptReply;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Attempt;
import dev.stoa.resilience.Attempts;
import dev.stoa.resilience.Failure;
import dev.stoa.resilience.RetryPolicy;
import dev.stoa.service.Identity;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Call;
import dev.stoa.upstream.CallListener;
import dev.stoa.upstream.Origin;
import dev.stoa.upstream.Taker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request with a key that is the gateway's to see to, under its claim. It goes on when the
 * client has gone: the answer is for whoever asks again. The claim is freed where the upstream got
 * nothing or refused; once the request may have arrived and no answer came, nobody sends it again.
 */
final class KeyedExchange implements CallListener {
  private static final Logger LOG = LoggerFactory.getLogger(KeyedExchange.class);
  private static final int MOST_ATTEMPTS = 3;

  private final KeyedRequests parts;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final Destination destination;
  private final Optional<Identity> caller;
  private final Buffer body;
  private final RequestDeadline deadline;
  private final Attempts attempts;
  private final long maxResponse;
  private final Watchdog.Watch watch;
  private final Promise<Answer> head = Promise.promise();
  private final Promise<Void> whole = Promise.promise();
  private final Promise<Void> streamed = Promise.promise();
  private final Buffer collected = Buffer.buffer();
  private Call call;

  KeyedExchange(
      KeyedRequests parts,
      Exchange exchange,
      Destination destination,
      Optional<Identity> caller,
      Buffer body) {
    this.parts = parts;
    this.exchange = exchange;
    this.request = exchange.request();
    this.destination = destination;
    this.caller = caller;
    this.body = body;
    this.deadline = RequestDeadline.of(exchange, destination.config(), caller);
    this.maxResponse = parts.maxResponse();
    this.attempts =
        destination.route().guard(parts.resilience()).attempts(RetryPolicy.NEVER, deadline.at());
    this.watch = parts.watchdog().watch(this::silent);
  }

  /** As {@link Proxy#forward}. */
  Future<Void> run(IdempotencyStore store, Claim claim) {
    return connect(Optional.empty())
        .onComplete(connected -> attempts.over())
        .recover(failure -> free(store, claim).transform(freed -> Future.failedFuture(failure)))
        .compose(
            connected ->
                send(connected)
                    .compose(answer -> conclude(store, claim, answer))
                    .onFailure(failure -> store.leave(claim)));
  }

  private static Future<Void> free(IdempotencyStore store, Claim claim) {
    return store
        .free(claim)
        .onFailure(e -> LOG.warn("a key stays claimed: {}", e.toString()))
        .otherwiseEmpty();
  }

  private record Connected(ProxyTarget target, AttemptReport report) {}

  /** Takes a connection to whichever instance gives one; what fails here has sent nothing. */
  private Future<Connected> connect(Optional<Lease> tried) {
    return attempts.begin().compose(attempt -> connect(attempt, tried));
  }

  private Future<Connected> connect(Attempt attempt, Optional<Lease> tried) {
    Upstreams.Upstream upstream;
    try {
      upstream = parts.upstreams().choose(exchange, destination, caller, deadline, tried);
    } catch (RuntimeException none) {
      attempt.ignored();
      throw none;
    }
    Lease lease = upstream.lease();
    AttemptReport report =
        new AttemptReport(
            exchange, destination, destination.route().attempts(parts.attempts()), attempt, lease);
    exchange.instance(lease.instance().id());
    return taken(upstream.target())
        .map(taken -> prepared(taken, new Connected(upstream.target(), report)))
        .recover(
            failure ->
                unreachable(report, failure) && lease.attempt() < MOST_ATTEMPTS
                    ? connect(Optional.of(lease))
                    : Future.failedFuture(UpstreamFailure.of(failure)));
  }

  private Future<Call> taken(ProxyTarget target) {
    Promise<Call> promise = Promise.promise();
    parts
        .pool()
        .take(
            new Origin(target.server(), target.tls()),
            target.connectWithin().toMillis(),
            false,
            Taker.of(promise));
    return promise.future();
  }

  private Connected prepared(Call taken, Connected connected) {
    call = taken.request(request.method().name(), connected.target.uri(), this);
    try {
      HeaderRules.toUpstream(request, connected.target, false, call.fields());
      connected.report.sending(call.fields());
      call.fields().set("Content-Length", Integer.toString(body.length()));
      call.check();
      return connected;
    } catch (IllegalArgumentException malformed) {
      call.drop();
      throw new ProblemException(ProblemType.MALFORMED_REQUEST, "A header field is not valid.");
    }
  }

  /** Whether another instance may do better. */
  private static boolean unreachable(AttemptReport report, Throwable failure) {
    boolean ours =
        failure instanceof ProblemException
            || UpstreamFailure.of(failure).type() == ProblemType.OVERLOADED;
    if (ours) {
      report.abandoned();
    } else {
      report.failed(Failure.CONNECT);
    }
    return !ours;
  }

  private Future<Answer> send(Connected connected) {
    AttemptReport report = connected.report;
    watch.within(connected.target.responseWithin());
    report.sent();
    call.end(body);
    return head.future()
        .onSuccess(
            answer -> {
              report.answered(answer);
              watch.within(connected.target.timeouts().idle());
            })
        .compose(this::collect)
        .onSuccess(answer -> report.completed())
        .recover(
            failure -> {
              breakOff();
              ProblemException problem = UpstreamFailure.of(failure);
              boolean timeout = problem.type() == ProblemType.GATEWAY_TIMEOUT;
              report.failed(timeout ? Failure.TIMEOUT : Failure.BROKEN);
              return Future.failedFuture(problem);
            });
  }

  @Override
  public void answered(Answer answer) {
    head.tryComplete(answer);
  }

  @Override
  public void failed(Throwable cause) {
    head.tryFail(cause);
    whole.tryFail(cause);
    streamed.tryFail(cause);
  }

  private void silent() {
    failed(UpstreamFailure.timeout("The upstream service did not answer in time."));
  }

  /** The answer with its body, or with as much of it as may be kept, and then paused. */
  private Future<Answer> collect(Answer answer) {
    answer.endHandler(v -> whole.tryComplete());
    answer.handler(
        part -> {
          watch.touch();
          collected.appendBuffer(part);
          if (collected.length() > maxResponse && whole.tryComplete()) {
            answer.pause();
          }
        });
    return whole.future().map(answer);
  }

  private Future<Void> conclude(IdempotencyStore store, Claim claim, Answer upstream) {
    KeyedAnswer answer = KeyedAnswer.of(upstream, collected);
    boolean complete = collected.length() <= maxResponse;
    if (complete) {
      watch.cancel();
    }
    KeptReply kept = complete ? answer.kept() : KeyedAnswer.notKept(answer.status());
    Future<?> settled = answer.isResult() ? store.keep(claim, kept) : free(store, claim);
    return complete
        ? settled.compose(done -> answer.write(request.response()))
        : settled.onFailure(failure -> breakOff()).compose(done -> stream(answer, upstream));
  }

  private void breakOff() {
    watch.cancel();
    call.drop();
  }

  /** Passes on an answer that is too large to keep: what is here of it, and the rest. */
  private Future<Void> stream(KeyedAnswer answer, Answer upstream) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      breakOff();
      return Future.succeededFuture();
    }
    answer.writeHead(response);
    String length = upstream.get("Content-Length");
    if (length != null) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, length);
    } else if (request.version() != HttpVersion.HTTP_1_0) {
      response.setChunked(true);
    }
    Pump pump =
        new Pump(
                upstream,
                response,
                Pump.UNKNOWN,
                bytes -> {
                  watch.touch();
                  return true;
                })
            .start();
    response.closeHandler(v -> streamed.tryFail(new HttpClosedException("The client is gone.")));
    pump.move(answer.body()); // which may be all there is
    upstream.endHandler(
        v -> {
          pump.end();
          streamed.tryComplete();
        });
    upstream.resume();
    return streamed
        .future()
        .onSuccess(over -> watch.cancel())
        .otherwise(
            failure -> {
              pump.stop();
              Wire.reset(request);
              breakOff();
              return null;
            });
  }
}
