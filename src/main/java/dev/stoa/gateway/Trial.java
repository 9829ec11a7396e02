package dev.stoa.gateway;

import dev.stoa.discovery.Lease;
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
  private final AttemptReport report;
  private final ProxyExchange exchange;
  private Optional<LastGoodAnswers.Copy> copy = Optional.empty();
  private boolean unreachable;
  private boolean lost;
  private ProblemException problem;

  // What is to be done in the place of an answer that was turned down.
  private OptionalLong retryIn = OptionalLong.empty();
  private StandIn standIn;

  Trial(Delivery delivery, Attempt attempt, AttemptReport report, ProxyTarget target) {
    this.delivery = delivery;
    this.report = report;
    attempt.at(report.lease().instance().id(), () -> delivery.hasFresh(this));
    this.exchange = delivery.exchange(target, this);
  }

  void start() {
    exchange.start().onComplete(v -> over(), this::failed);
  }

  Lease lease() {
    return report.lease();
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
    report.abandoned();
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
    report.sending(fields);
  }

  @Override
  public void sent() {
    report.sent();
    delivery.sent(this);
  }

  @Override
  public boolean accepts(Answer answer) {
    boolean accepted = delivery.accepts(this, answer);
    if (!accepted) {
      answered(answer);
      report.completed();
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
    report.answered(answer);
  }

  @Override
  public void completed() {
    copy.ifPresent(LastGoodAnswers.Copy::complete);
  }

  @Override
  public void broken(ProblemException failure) {
    tell(failure);
  }

  @Override
  public void abandoned() {
    report.abandoned();
  }

  private void over() {
    if (!lost) {
      report.completed();
      delivery.over();
    }
  }

  private void failed(Throwable cause) {
    problem = (ProblemException) cause;
    Optional<Failure> failure = tell(problem);
    if (retryIn.isPresent()) {
      delivery.again(this, retryIn.getAsLong());
    } else if (standIn != null) {
      delivery.standIn(standIn);
    } else {
      delivery.failed(this, problem, failure);
    }
  }

  /** What the client did wrong is no failure of the instance. */
  private Optional<Failure> tell(ProblemException problem) {
    Optional<Failure> failure =
        unreachable
            ? Optional.of(Failure.CONNECT)
            : switch (problem.type()) {
              case GATEWAY_TIMEOUT -> Optional.of(Failure.TIMEOUT);
              case BAD_GATEWAY -> Optional.of(Failure.BROKEN);
              default -> Optional.empty();
            };
    if (failure.isEmpty()) {
      report.abandoned();
    } else if (problem.type() == ProblemType.SERVICE_UNAVAILABLE) {
      report.notThere(failure.get()); // it has no address yet, and is asked for again
    } else {
      report.failed(failure.get());
    }
    return failure;
  }
}
