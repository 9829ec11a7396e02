package dev.stoa.gateway;

import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.observability.AttemptMeter;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Attempt;
import dev.stoa.resilience.Attempts;
import dev.stoa.resilience.Failure;
import dev.stoa.service.Identity;
import dev.stoa.upstream.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Brings one request to an upstream and an answer back. Each attempt: leave of the guard (place,
 * breaker) → instance, one not tried yet if there is one → proxy. Another attempt follows only
 * while nothing has been sent to the client, and only where it is safe: after a failed connection
 * whatever the request is, since nothing of it was sent; else where it is idempotent or has a key,
 * and its body is not lost. A GET may be hedged: asked of a second instance while the first is
 * silent (Dean and Barroso, "The Tail at Scale", 2013). All within budget and deadline.
 */
final class Delivery {
  private static final long NO_TIMER = -1;

  /** How many are asked for a connection in one go. */
  private static final int MOST_INSTANCES = 3;

  private final Deliveries parts;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final Destination destination;
  private final Optional<Identity> caller;
  private final RouteResilience rules;
  private final AttemptMeter.Row meter;
  private final RequestDeadline deadline;
  private final Attempts attempts;
  private final Promise<Void> over = Promise.promise();
  private Trial first;
  private Trial hedge;
  private long timer = NO_TIMER;
  private boolean decided;

  Delivery(
      Deliveries parts, Exchange exchange, Destination destination, Optional<Identity> caller) {
    RouteConfig route = destination.config();
    this.parts = parts;
    this.exchange = exchange;
    this.request = exchange.request();
    this.destination = destination;
    this.caller = caller;
    this.rules = route.resilience();
    this.deadline = RequestDeadline.of(exchange, route, caller);
    this.meter = destination.route().attempts(parts.attempts()); // while the route is at hand
    this.attempts =
        destination.route().guard(parts.resilience()).attempts(rules.retry(), deadline.at());
  }

  Future<Void> run() {
    request.response().closeHandler(v -> clientGone());
    request.response().exceptionHandler(failure -> clientGone());
    request.exceptionHandler(failure -> clientGone());
    attempt(Optional.empty());
    return over.future();
  }

  private void attempt(Optional<Trial> before) {
    attempts
        .begin()
        .onComplete(
            leave -> begin(leave, before),
            refusal -> fail(before.flatMap(Trial::problem).orElse((ProblemException) refusal)));
  }

  private void begin(Attempt leave, Optional<Trial> before) {
    if (over.future().isComplete()) {
      leave.ignored();
      return;
    }
    try {
      first = trial(leave, before);
    } catch (ProblemException none) {
      fail(none);
      return;
    } catch (RuntimeException bug) {
      decide();
      over.tryFail(bug);
      return;
    }
    first.start();
  }

  private Trial trial(Attempt leave, Optional<Trial> before) {
    try {
      Upstreams.Upstream upstream =
          parts
              .upstreams()
              .choose(exchange, destination, caller, deadline, before.map(Trial::lease));
      exchange.instance(upstream.lease().instance().id());
      AttemptReport report =
          new AttemptReport(exchange, destination, meter, leave, upstream.lease());
      return new Trial(this, leave, report, upstream.target());
    } catch (RuntimeException none) {
      leave.ignored();
      throw none;
    }
  }

  /** The exchange of a trial that is about to start. */
  ProxyExchange exchange(ProxyTarget target, Trial trial) {
    return parts.proxy().exchange(request, target, trial);
  }

  /** The request is at the upstream; whether it should be at another one soon, too. */
  void sent(Trial trial) {
    HttpMethod method = request.method();
    if (rules.hedge().isPresent()
        && trial == first
        && timer == NO_TIMER
        && (method == HttpMethod.GET || method == HttpMethod.HEAD)
        && mayRepeat(trial)) {
      long delay = rules.hedge().get().toMillis();
      timer = parts.vertx().setTimer(delay, id -> hedge());
    }
  }

  private void hedge() {
    if (undecided() && hasFresh(first) && attempts.hedge()) {
      attempts.begin().onSuccess(this::beginHedge).onFailure(refusal -> {}); // the first goes on
    }
  }

  private void beginHedge(Attempt leave) {
    if (undecided() && hasFresh(first)) {
      hedge = trial(leave, Optional.of(first));
      hedge.start();
    } else {
      leave.ignored();
    }
  }

  private boolean undecided() {
    return !decided && first != null && hedge == null && !over.future().isComplete();
  }

  /** Whether this answer is the client's, or something better is at hand. */
  boolean accepts(Trial trial, Answer answer) {
    int status = answer.status();
    Trial other = other(trial);
    if (other != null && status >= 500) {
      return false; // the other one may do better
    }
    if (other == null && attempts.counts(status) && mayRepeat(trial) && mayChange(status)) {
      OptionalLong wait = attempts.after(status, RetryAfter.of(answer), hasFresh(trial));
      if (wait.isPresent()) {
        trial.retryIn(wait.getAsLong());
        return false;
      }
    }
    if (Fallback.replaces(status)) {
      Optional<StandIn> instead = standIn();
      if (instead.isPresent()) {
        trial.standIn(instead.get());
        return false;
      }
    }
    decide();
    if (other != null) {
      other.lose();
    }
    return true;
  }

  /** A copy to be made of the answer that goes to the client. */
  Optional<LastGoodAnswers.Copy> copy(Answer answer) {
    return rules.fallback().isPresent() && rules.fallback().get().keeps(request)
        ? parts.lastGood().copy(destination.config().name(), request, caller, answer)
        : Optional.empty();
  }

  /** The trial has failed, with nothing sent to the client. */
  void failed(Trial trial, ProblemException problem, Optional<Failure> failure) {
    boolean alone = other(trial) == null;
    forget(trial);
    if (!alone) {
      return;
    }
    boolean nothingSent = failure.equals(Optional.of(Failure.CONNECT));
    if (nothingSent && trial.lease().attempt() < MOST_INSTANCES && hasFresh(trial)) {
      again(trial, 0); // not the upstream's failure yet, so no retry either
      return;
    }
    OptionalLong wait =
        failure.isPresent() && (nothingSent || mayRepeat(trial))
            ? attempts.after(failure.get(), hasFresh(trial))
            : OptionalLong.empty();
    if (wait.isPresent()) {
      again(trial, wait.getAsLong());
    } else {
      fail(problem);
    }
  }

  /** Tries once more, after so long. */
  void again(Trial trial, long waitNanos) {
    forget(trial);
    cancelTimer();
    Optional<Trial> before = Optional.of(trial);
    if (waitNanos == 0) {
      attempt(before);
    } else {
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos));
      timer =
          parts
              .vertx()
              .setTimer(
                  millis,
                  id -> {
                    timer = NO_TIMER;
                    attempt(before);
                  });
    }
  }

  /** Answers with this. */
  void standIn(StandIn instead) {
    decide();
    if (request.response().closed()) {
      over.tryComplete();
      return;
    }
    instead.write(request.response());
    UnreadBody.discard(parts.vertx(), request);
    over.tryComplete();
  }

  /** A trial has carried the exchange to its end. */
  void over() {
    decide();
    over.tryComplete();
  }

  private void fail(ProblemException problem) {
    Optional<StandIn> instead = Fallback.replaces(problem.type()) ? standIn() : Optional.empty();
    if (instead.isPresent()) {
      standIn(instead.get());
    } else {
      decide();
      over.tryFail(problem);
    }
  }

  private Optional<StandIn> standIn() {
    String route = destination.config().name();
    return rules
        .fallback()
        .flatMap(fallback -> fallback.standIn(parts.lastGood(), route, request, caller));
  }

  private void clientGone() {
    if (first != null) {
      first.clientGone();
    }
    if (hedge != null) {
      hedge.clientGone();
    }
    if (first == null && hedge == null && !request.response().ended()) {
      over();
    }
  }

  private boolean mayRepeat(Trial trial) {
    return trial.repeatable()
        && (Methods.IDEMPOTENT.contains(request.method())
            || request.headers().contains(IdempotencyKey.FIELD))
        && !Tunnel.wanted(request);
  }

  // Who does the work of a key has it in hand still after an answer that leaves its end open, and
  // could say no more than that: the first answer says what is wrong. After a 503 it was let go.
  private boolean mayChange(int status) {
    return status == ProblemType.SERVICE_UNAVAILABLE.status()
        || Methods.IDEMPOTENT.contains(request.method());
  }

  /** Whether there is an instance in good order beside those that were tried. */
  boolean hasFresh(Trial trial) {
    return parts.upstreams().hasFresh(destination, trial.lease());
  }

  private Trial other(Trial trial) {
    return trial == first ? hedge : first;
  }

  private void forget(Trial trial) {
    if (trial == first) {
      first = hedge;
    }
    hedge = null;
  }

  private void decide() {
    decided = true;
    cancelTimer();
    attempts.over();
  }

  private void cancelTimer() {
    if (timer != NO_TIMER) {
      parts.vertx().cancelTimer(timer);
      timer = NO_TIMER;
    }
  }
}
