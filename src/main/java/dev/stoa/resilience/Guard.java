package dev.stoa.resilience;

import dev.stoa.problem.ProblemException;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands before one upstream: a place in the bulkhead first, then the leave of the breaker. Made
 * and kept by {@link Resilience}. Safe on any thread; without locks while the upstream is well.
 */
public final class Guard {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final String node;
  private final String name;
  private final Breaker breaker;
  private final Bulkhead bulkhead;
  private final AdaptiveLimit limit;
  private final RetryBudget budget;
  private final LongAdder attempts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder overloaded = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private volatile GuardConfig config;
  private volatile String culprit = "";

  Guard(String node, String name, Breaker breaker, Bulkhead bulkhead, GuardConfig config) {
    this.node = node;
    this.name = name;
    this.breaker = breaker;
    this.bulkhead = bulkhead;
    this.budget = new RetryBudget(config.budget(), System::nanoTime);
    this.config = config;
    this.limit =
        new AdaptiveLimit(
            config.adaptive(),
            config.bulkhead().maxConcurrent(),
            System.nanoTime(),
            places -> bulkhead.resize(places, this.config.bulkhead().maxQueue()));
  }

  /** Brings another configuration into force; nothing happens where it is the same. */
  public void configure(GuardConfig next) {
    if (next != config && !next.equals(config)) {
      change(next);
    }
  }

  private synchronized void change(GuardConfig next) {
    GuardConfig before = config;
    config = next;
    if (!next.breaker().equals(before.breaker())) {
      breaker.configure(next.breaker());
    }
    if (!next.bulkhead().equals(before.bulkhead()) || !next.adaptive().equals(before.adaptive())) {
      limit.configure(next.adaptive(), next.bulkhead().maxConcurrent());
    }
    budget.configure(next.budget());
  }

  /**
   * Asks for leave to make one attempt; completes on the caller's context, at once where nobody has
   * to wait. Fails with a {@link ProblemException} and {@code Retry-After}: SERVICE_UNAVAILABLE
   * where the breaker is open, OVERLOADED where there is no place in time; DEADLINE_EXCEEDED where
   * it is too late.
   */
  public Future<Attempt> begin(Deadline deadline) {
    GuardConfig now = config;
    if (deadline.passed()) {
      return Future.failedFuture(Refusal.late());
    }
    if (now.breaker().enabled() && breaker.refuses()) {
      return refuse();
    }
    Future<Void> place = bulkhead.enter(deadline.cap(now.bulkhead().maxWait()));
    if (place.succeeded()) {
      return inside(now, deadline);
    }
    return place
        .onFailure(full -> overloaded.increment())
        .compose(entered -> inside(now, deadline));
  }

  private Future<Attempt> inside(GuardConfig now, Deadline deadline) {
    if (deadline.passed()) {
      bulkhead.leave();
      return Future.failedFuture(Refusal.late());
    }
    Optional<Breaker.Permit> permit =
        now.breaker().enabled() ? breaker.acquire() : Breaker.Permit.UNWATCHED;
    if (permit.isEmpty()) {
      bulkhead.leave();
      return refuse();
    }
    attempts.increment();
    return Future.succeededFuture(new Attempt(this, permit.get(), now.breaker().failures()));
  }

  private Future<Attempt> refuse() {
    refused.increment();
    long seconds = Math.max(1, -Math.floorDiv(-breaker.openFor().toNanos(), NANOS_PER_SECOND));
    return Future.failedFuture(Refusal.open(seconds));
  }

  /** The retries of a request that begins now. */
  public Retries retries(RetryPolicy policy, Deadline deadline) {
    budget.deposit();
    return new Retries(this, policy, deadline);
  }

  boolean takeRetry() {
    boolean granted = budget.withdraw();
    if (granted) {
      retries.increment();
    }
    return granted;
  }

  /** An attempt is over in time. */
  void answered(long latencyNanos, boolean overload) {
    long now = System.nanoTime();
    if (overload) {
      limit.overloaded(bulkhead.running(), now);
    } else {
      limit.answered(latencyNanos, bulkhead.running(), now);
    }
  }

  /**
   * An attempt has failed; whether that is the upstream's failure, rather than again that of one
   * instance among others.
   */
  boolean failed(String instance, boolean others) {
    failures.increment();
    boolean again = others && instance.equals(culprit);
    culprit = instance;
    return !again;
  }

  void leave() {
    bulkhead.leave();
  }

  /** What is to be seen of it now. */
  public GuardStatus status() {
    return new GuardStatus(
        node,
        name,
        config.breaker().enabled() ? breaker.state() : BreakerState.CLOSED,
        breaker.since(),
        breaker.failures(),
        breaker.openFor(),
        attempts.sum(),
        failures.sum(),
        refused.sum(),
        overloaded.sum(),
        retries.sum(),
        budget.left(),
        bulkhead.running(),
        bulkhead.waiting(),
        bulkhead.places());
  }
}
