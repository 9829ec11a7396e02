package dev.stoa.resilience;

import dev.stoa.problem.ProblemException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands before one upstream: a place in the bulkhead first, then the leave of the breaker. Made
 * and kept by {@link Resilience}. Safe on any thread; without locks while the upstream is well.
 */
public final class Guard {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long LONGEST_QUIET_NANOS = 60 * NANOS_PER_SECOND;

  private final Watched watched;
  private final Breaker breaker;
  private final Bulkhead bulkhead;
  private final AdaptiveLimit limit;
  private final RetryBudget budget;
  private final Pace pace = new Pace(System.nanoTime());
  private final LongAdder requests = new LongAdder();
  private final LongAdder attempts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder overloaded = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder hedges = new LongAdder();
  private volatile GuardConfig config;
  private volatile String culprit = "";
  private volatile long quietUntil = System.nanoTime();

  Guard(Watched watched, Breaker breaker, Bulkhead bulkhead, GuardConfig config) {
    this.watched = watched;
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

  /** Leave for one attempt, as {@link Attempts#begin} says. */
  Future<Attempt> begin(Attempts request, Deadline deadline) {
    GuardConfig now = config;
    long nanos = System.nanoTime();
    long left = deadline.remainingNanos(nanos);
    if (left <= 0) {
      return Future.failedFuture(Refusal.late());
    }
    if (now.breaker().enabled() && !request.hasLeave() && breaker.refuses()) {
      return refuse();
    }
    if (hopeless(now, bulkhead.running() + bulkhead.waiting(), left, nanos)) {
      return shed();
    }
    if (bulkhead.enterAtOnce()) {
      return inside(now, request); // nothing has changed since the look at it
    }
    return bulkhead
        .enter(deadline.cap(now.bulkhead().maxWait()))
        .onFailure(full -> overloaded.increment())
        .compose(entered -> afterWaiting(now, request, deadline));
  }

  private Future<Attempt> afterWaiting(GuardConfig now, Attempts request, Deadline deadline) {
    long nanos = System.nanoTime();
    long left = deadline.remainingNanos(nanos);
    if (left <= 0) {
      bulkhead.leave();
      return Future.failedFuture(Refusal.late());
    }
    if (hopeless(now, bulkhead.running() - 1, left, nanos)) {
      bulkhead.leave();
      return shed();
    }
    return inside(now, request);
  }

  private Future<Attempt> inside(GuardConfig now, Attempts request) {
    Optional<Breaker.Permit> leave = leave(now, request);
    if (leave.isEmpty()) {
      bulkhead.leave();
      return refuse();
    }
    attempts.increment();
    return Future.succeededFuture(request.began(leave.get(), now.breaker().failures()));
  }

  private Optional<Breaker.Permit> leave(GuardConfig now, Attempts request) {
    if (!now.breaker().enabled()) {
      return Breaker.Permit.UNWATCHED;
    }
    return request.hasLeave() ? Optional.of(request.leave()) : breaker.acquire();
  }

  /** Whether it would be given up before it is answered, so that its work would be for nothing. */
  private boolean hopeless(GuardConfig now, int ahead, long left, long nanos) {
    return now.adaptive().algorithm() != AdaptiveConfig.Algorithm.NONE
        && pace.isHopeless(ahead, left, nanos);
  }

  private Future<Attempt> shed() {
    pace.refused();
    overloaded.increment();
    return Future.failedFuture(Refusal.overloaded());
  }

  private Future<Attempt> refuse() {
    refused.increment();
    return Future.failedFuture(Refusal.open(secondsOpen()));
  }

  private long secondsOpen() {
    return Math.max(1, -Math.floorDiv(-breaker.openFor().toNanos(), NANOS_PER_SECOND));
  }

  /** What a request would be refused with at once now; empty where it would pass, or wait. */
  public Optional<ProblemException> refusal() {
    if (config.breaker().enabled() && breaker.refuses()) {
      return Optional.of(Refusal.open(secondsOpen()));
    }
    return bulkhead.isFull() ? Optional.of(Refusal.overloaded()) : Optional.empty();
  }

  /** The attempts of a request that begins now. */
  public Attempts attempts(RetryPolicy policy, Deadline deadline) {
    requests.increment();
    budget.deposit();
    return new Attempts(this, policy, deadline);
  }

  /** An instance of the upstream has come: an open breaker lets one call find out about it. */
  void joined(String service) {
    if (watched.services().contains(service)) {
      breaker.tryNow();
    }
  }

  boolean takeRetry() {
    boolean granted = budget.withdraw();
    if (granted) {
      retries.increment();
    }
    return granted;
  }

  /** The upstream has asked for so much patience; more than a minute nobody grants. */
  void quiet(Duration patience) {
    long nanos = Math.min(patience.toNanos(), LONGEST_QUIET_NANOS);
    quietUntil = System.nanoTime() + nanos;
  }

  /** For how long nothing is tried again there; zero or less for not. */
  long quietNanos() {
    return quietUntil - System.nanoTime();
  }

  boolean takeHedge() {
    boolean granted = takeRetry();
    if (granted) {
      hedges.increment();
    }
    return granted;
  }

  void timedOut() {
    limit.overloaded(bulkhead.running(), System.nanoTime());
  }

  /** An attempt is over in time. */
  void answered(long latencyNanos, boolean overload, long now) {
    pace.answered(latencyNanos, 2 * bulkhead.running() >= bulkhead.places(), now);
    if (overload) {
      limit.overloaded(bulkhead.running(), now);
    } else {
      limit.answered(latencyNanos, bulkhead.running(), now);
    }
  }

  /**
   * A request has failed; whether that is the upstream's failure, rather than again that of one
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
        watched.node(),
        watched.upstream(),
        config.breaker().enabled() ? breaker.state() : BreakerState.CLOSED,
        breaker.since(),
        breaker.failures(),
        breaker.openFor(),
        requests.sum(),
        attempts.sum(),
        failures.sum(),
        refused.sum(),
        overloaded.sum(),
        retries.sum(),
        hedges.sum(),
        budget.left(),
        bulkhead.running(),
        bulkhead.waiting(),
        bulkhead.places());
  }
}
