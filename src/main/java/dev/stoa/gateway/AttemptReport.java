package dev.stoa.gateway;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.Lease;
import dev.stoa.observability.AttemptMeter;
import dev.stoa.observability.Span;
import dev.stoa.resilience.Attempt;
import dev.stoa.resilience.Failure;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Fields;

/**
 * How one attempt at one instance goes, for all who learn from it: the balancer by its lease, the
 * guard, the numbers, and the trace. Numbers and trace hear one thing only, the first: what happens
 * after the head of an answer is the answer's.
 */
final class AttemptReport {
  private final Attempt attempt;
  private final Lease lease;
  private final AttemptMeter.Row meter;
  private final Span span;
  private final long began = System.nanoTime();
  private boolean counted;

  /** An attempt that begins now. */
  AttemptReport(
      Exchange exchange,
      Destination destination,
      AttemptMeter.Row meter,
      Attempt attempt,
      Lease lease) {
    this.attempt = attempt;
    this.lease = lease;
    this.meter = meter;
    this.span = AttemptSpans.begin(exchange, destination.config().upstream(), lease);
  }

  Lease lease() {
    return lease;
  }

  /** Hands the trace on with the request. */
  void sending(Fields fields) {
    AttemptSpans.inject(span, fields);
  }

  /** The request is at the instance. */
  void sent() {
    attempt.sent();
  }

  /** The head of an answer is here. */
  void answered(Answer answer) {
    counted = true;
    meter.answered(lease.instance().id(), answer.status(), System.nanoTime() - began);
    AttemptSpans.answered(span, answer.status());
    lease.answered(answer.status());
    attempt.answered(answer.status(), RetryAfter.of(answer));
  }

  /** All of the answer is. */
  void completed() {
    lease.completed();
  }

  /** There is no answer, or not all of it. */
  void failed(Failure failure) {
    missed(failure);
    attempt.failed(failure);
  }

  /** The same of an instance that is still to be had, so that the upstream has not failed. */
  void notThere(Failure failure) {
    missed(failure);
    attempt.ignored();
  }

  private void missed(Failure failure) {
    count(
        switch (failure) {
          case CONNECT -> AttemptMeter.Failure.CONNECT;
          case TIMEOUT -> AttemptMeter.Failure.TIMEOUT;
          case BROKEN -> AttemptMeter.Failure.BROKEN;
        });
    lease.failed(
        switch (failure) {
          case CONNECT -> CallFailure.CONNECT;
          case TIMEOUT -> CallFailure.TIMEOUT;
          case BROKEN -> CallFailure.RESET;
        });
  }

  /** Nothing is learnt of the instance: the client went away, or another attempt was faster. */
  void abandoned() {
    count(AttemptMeter.Failure.ABANDONED);
    lease.abandoned();
    attempt.ignored();
  }

  private void count(AttemptMeter.Failure failure) {
    if (!counted) {
      counted = true;
      meter.failed(lease.instance().id(), failure, System.nanoTime() - began);
      AttemptSpans.failed(span, failure.text());
    }
  }
}
