package dev.stoa.gateway;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.Lease;
import dev.stoa.observability.AttemptMeter;
import dev.stoa.observability.Span;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Attempt;
import dev.stoa.resilience.Failure;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Fields;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One attempt of a {@link Delivery} at one instance: tells balancer and guard how it goes, and the
 * delivery what it has to decide.
 */
final class Trial implements ProxyObserver {
  private final Delivery delivery;
  private final Attempt attempt;
  private final Lease lease;
  private final ProxyExchange exchange;
  private final long began = System.nanoTime();
  private final Span span;
  private boolean counted;
  private Optional<LastGoodAnswers.Copy> copy = Optional.empty();
  private boolean unreachable;
  private boolean lost;
  private ProblemException problem;

  // What is to be done in the place of an answer that was turned down.
  private OptionalLong retryIn = OptionalLong.empty();
  private StandIn standIn;

  Trial(Delivery delivery, Attempt attempt, Lease lease, ProxyTarget target) {
    this.delivery = delivery;
    this.attempt = attempt;
    this.lease = lease;
    attempt.at(lease.instance().id(), () -> delivery.hasFresh(this));
    this.span = delivery.span(lease);
    this.exchange = delivery.exchange(target, this);
  }

  void start() {
    exchange.start().onComplete(v -> over(), this::failed);
  }

  Lease lease() {
    return lease;
  }

  /** How it failed; empty where it did not, or by an answer. */
  Optional<ProblemException> problem() {
    return retryIn.isPresent() ? Optional.empty() : Optional.ofNullable(problem);
  }

  boolean repeatable() {
    return exchange.repeatable();
  }

  void clientGone() {
    exchange.clientGone();
  }

  /** Another trial was faster. */
  void lose() {
    lost = true;
    exchange.cancel();
    count(AttemptMeter.Failure.ABANDONED);
    lease.abandoned();
    attempt.ignored();
  }

  /** Turns the answer down, for another attempt after so long. */
  void retryIn(long nanos) {
    retryIn = OptionalLong.of(nanos);
  }

  /** Turns the answer down, for another in its place. */
  void standIn(StandIn instead) {
    standIn = instead;
  }

  @Override
  public void unreachable(ProblemException failure) {
    unreachable = failure.type() != ProblemType.OVERLOADED; // else our own pool is full
  }

  @Override
  public void sending(Fields fields) {
    AttemptSpans.inject(span, fields);
  }

  @Override
  public void sent() {
    attempt.sent();
    delivery.sent(this);
  }

  @Override
  public boolean accepts(Answer answer) {
    boolean accepted = delivery.accepts(this, answer);
    if (!accepted) {
      answered(answer);
      lease.completed();
    }
    return accepted;
  }

  @Override
  public Consumer<Buffer> reader(Answer answer) {
    copy = delivery.copy(answer);
    return copy.orElse(null);
  }

  @Override
  public void answered(Answer answer) {
    counted = true;
    delivery.count(lease, answer.status(), System.nanoTime() - began);
    AttemptSpans.answered(span, answer.status());
    lease.answered(answer.status());
    attempt.answered(answer.status(), RetryAfter.of(answer));
  }

  @Override
  public void completed() {
    copy.ifPresent(LastGoodAnswers.Copy::complete);
  }

  @Override
  public void broken(ProblemException failure) {
    report(failure);
  }

  @Override
  public void abandoned() {
    count(AttemptMeter.Failure.ABANDONED);
    lease.abandoned();
    attempt.ignored();
  }

  private void over() {
    if (!lost) {
      lease.completed();
      delivery.over();
    }
  }

  private void failed(Throwable cause) {
    problem = (ProblemException) cause;
    Optional<Failure> failure = report(problem);
    if (retryIn.isPresent()) {
      delivery.again(this, retryIn.getAsLong());
    } else if (standIn != null) {
      delivery.standIn(standIn);
    } else {
      delivery.failed(this, problem, failure);
    }
  }

  /** What the client did wrong is no failure of the instance. */
  private Optional<Failure> report(ProblemException problem) {
    Optional<Failure> failure =
        unreachable
            ? Optional.of(Failure.CONNECT)
            : switch (problem.type()) {
              case GATEWAY_TIMEOUT -> Optional.of(Failure.TIMEOUT);
              case BAD_GATEWAY -> Optional.of(Failure.BROKEN);
              default -> Optional.empty();
            };
    if (failure.isEmpty()) {
      count(AttemptMeter.Failure.ABANDONED);
      lease.abandoned();
      attempt.ignored();
    } else {
      count(counter(failure.get()));
      lease.failed(call(failure.get()));
      if (problem.type() == ProblemType.SERVICE_UNAVAILABLE) {
        attempt.ignored(); // it has no address yet: it did not fail, and is asked for again
      } else {
        attempt.failed(failure.get());
      }
    }
    return failure;
  }

  /** Once: what happens after the head of an answer is the answer's. */
  private void count(AttemptMeter.Failure failure) {
    if (!counted) {
      counted = true;
      delivery.count(lease, failure, System.nanoTime() - began);
      AttemptSpans.failed(span, failure.text());
    }
  }

  private static AttemptMeter.Failure counter(Failure failure) {
    return switch (failure) {
      case CONNECT -> AttemptMeter.Failure.CONNECT;
      case TIMEOUT -> AttemptMeter.Failure.TIMEOUT;
      case BROKEN -> AttemptMeter.Failure.BROKEN;
    };
  }

  private static CallFailure call(Failure failure) {
    return switch (failure) {
      case CONNECT -> CallFailure.CONNECT;
      case TIMEOUT -> CallFailure.TIMEOUT;
      case BROKEN -> CallFailure.RESET;
    };
  }
}
