package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Attempt;
import dev.stoa.resilience.Attempts;
import dev.stoa.resilience.Deadline;
import dev.stoa.resilience.Failure;
import dev.stoa.resilience.Guard;
import dev.stoa.resilience.RetryPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One call of another service, by as many attempts as are safe: again after a failed connection,
 * since nothing was sent; else only where it is idempotent. All within the caller's deadline and
 * the service's retry budget, and none while its breaker is open.
 */
final class GuardedCall {
  private final Vertx vertx;
  private final String service;
  private final Deadline deadline;
  private final Attempts attempts;
  private final boolean repeatable;
  private final CallAttempts transport;
  private final CallReports reports;

  /**
   * A call that is about to begin.
   *
   * @param repeatable whether doing it twice is as good as doing it once
   */
  GuardedCall(
      Vertx vertx,
      String service,
      Guard guard,
      RetryPolicy policy,
      Deadline deadline,
      boolean repeatable,
      CallAttempts transport,
      CallReports reports) {
    this.vertx = vertx;
    this.service = service;
    this.deadline = deadline;
    this.attempts = guard.attempts(policy, deadline);
    this.repeatable = repeatable;
    this.transport = transport;
    this.reports = reports;
  }

  Future<Reply> run() {
    return attempts
        .begin()
        .recover(refusal -> Future.failedFuture(refused((ProblemException) refusal)))
        .compose(this::attempt)
        .onComplete(outcome -> attempts.over());
  }

  private Future<Reply> attempt(Attempt leave) {
    CallReports.Report report = reports.begin();
    return transport
        .attempt(deadline, report.span())
        .onSuccess(answer -> report.answered(transport.instance(), answer.status()))
        .onFailure(failure -> report.failed(transport.instance(), failure))
        .compose(answer -> answered(leave, answer), failure -> failed(leave, failure));
  }

  private Future<Reply> answered(Attempt leave, Arrived answer) {
    leave.at(transport.instance(), transport::others);
    Duration retryAfter = retryAfter(answer);
    leave.answered(answer.status(), retryAfter);
    Future<Reply> reply =
        RemoteAnswer.of(service, answer.status(), answer.headers(), answer.body());
    OptionalLong wait =
        repeatable
            ? attempts.after(answer.status(), retryAfter, transport.others())
            : OptionalLong.empty();
    return wait.isPresent() ? again(wait.getAsLong(), reply) : reply;
  }

  private Future<Reply> failed(Attempt leave, Throwable cause) {
    if (!(cause instanceof CallFailed failure)) {
      leave.ignored();
      return Future.failedFuture(cause);
    }
    Future<Reply> problem = Future.failedFuture(failure.problem());
    if (failure.kind() == null) {
      leave.ignored();
      return problem;
    }
    leave.at(transport.instance(), transport::others);
    leave.failed(failure.kind());
    OptionalLong wait =
        repeatable || failure.kind() == Failure.CONNECT
            ? attempts.after(failure.kind(), transport.others())
            : OptionalLong.empty();
    return wait.isPresent() ? again(wait.getAsLong(), problem) : problem;
  }

  /** Tries once more after so long; where that is refused, the first outcome stands. */
  private Future<Reply> again(long waitNanos, Future<Reply> outcome) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos));
    return vertx
        .timer(millis, TimeUnit.MILLISECONDS)
        .compose(waited -> attempts.begin())
        .compose(this::attempt, refusal -> outcome);
  }

  /** Nothing was done, which is all that a caller has to know. */
  private ProblemException refused(ProblemException refusal) {
    if (refusal.type() == ProblemType.DEADLINE_EXCEEDED) {
      return refusal;
    }
    ProblemException away =
        new ProblemException(ProblemType.SERVICE_UNAVAILABLE, service + " is not available.");
    for (Map.Entry<String, String> header : refusal.headers().entrySet()) {
      away = away.withHeader(header.getKey(), header.getValue());
    }
    return away;
  }

  private static Duration retryAfter(Arrived answer) {
    String seconds = answer.headers().get("Retry-After");
    return seconds != null && seconds.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }
}
