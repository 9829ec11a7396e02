package dev.stoa.discovery;

import dev.stoa.discovery.InstanceStatus.Health;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What calls have told about one instance: counts, ejection, health. It outlives changes of the
 * catalog. Times are nanoseconds of the pool's clock, which starts above zero. Safe on any thread
 * without locks; counts that belong together may be seen a moment apart.
 */
final class InstanceState {
  /** Not ejected. */
  static final long NEVER = 0;

  private static final double LATENCY_WEIGHT = 0.1;

  /** What happened since the last look. */
  record Window(int requests, int failures) {}

  private final long seed;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger consecutiveFailures = new AtomicInteger();
  private final AtomicInteger windowRequests = new AtomicInteger();
  private final AtomicInteger windowFailures = new AtomicInteger();
  private final LongAdder successes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicLong ejectedUntil = new AtomicLong(NEVER);
  private volatile long ejectedAt;
  private volatile long returnedAt;
  private volatile int ejections;
  private volatile long warmingSince;
  private volatile double latencyNanos;
  private volatile CallFailure lastFailure;
  private volatile Health health = Health.UNKNOWN;

  /**
   * @param warmingSince when it was first seen; {@link #NEVER} where it is no newcomer
   */
  InstanceState(String id, long warmingSince) {
    this.seed = HashKey.of(id);
    this.warmingSince = warmingSince;
  }

  /** Its own constant for consistent hashing. */
  long seed() {
    return seed;
  }

  void begin() {
    inFlight.incrementAndGet();
  }

  void end() {
    inFlight.decrementAndGet();
  }

  int inFlight() {
    return inFlight.get();
  }

  /** A moving average; two writers at once may lose one value of it, which does not matter. */
  void tookUntilAnswer(long nanos) {
    double known = latencyNanos;
    latencyNanos = known == 0 ? nanos : known + LATENCY_WEIGHT * (nanos - known);
  }

  void succeeded() {
    successes.increment();
    windowRequests.incrementAndGet();
    if (consecutiveFailures.get() != 0) {
      consecutiveFailures.set(0);
    }
  }

  /** Counts a failure; answers how many there were in a row. */
  int failed(CallFailure kind) {
    failures.increment();
    lastFailure = kind;
    windowRequests.incrementAndGet();
    windowFailures.incrementAndGet();
    return consecutiveFailures.incrementAndGet();
  }

  Window takeWindow() {
    return new Window(windowRequests.getAndSet(0), windowFailures.getAndSet(0));
  }

  boolean ejected(long now) {
    return now < ejectedUntil.get();
  }

  /** When the ejection ends, or {@link #NEVER}. */
  long ejectedUntil() {
    return ejectedUntil.get();
  }

  long ejectedAt() {
    return ejectedAt;
  }

  /**
   * Ejects for longer each time; a spell of good behaviour as long as the first ejection takes one
   * time off. When it returns, the first failure in a row is enough for the next ejection.
   *
   * @return for how long, in nanoseconds
   */
  long eject(OutlierDetection settings, long now) {
    long unit = settings.ejectionTime().toNanos();
    long forgiven = (now - returnedAt) / unit;
    ejections = (int) Math.max(0, ejections - forgiven) + 1;
    long time = Math.min(unit * ejections, settings.maxEjectionTime().toNanos());
    ejectedAt = now;
    consecutiveFailures.set(settings.consecutiveFailures() - 1);
    takeWindow();
    ejectedUntil.set(now + time);
    return time;
  }

  /** Ends an ejection whose time is over; true for the one caller who ended it. */
  boolean returns(long now) {
    long until = ejectedUntil.get();
    return until != NEVER && until <= now && endEjection(until, now);
  }

  /** Ends an ejection before its time. */
  boolean returnsEarly(long now) {
    long until = ejectedUntil.get();
    return until != NEVER && endEjection(until, now);
  }

  private boolean endEjection(long until, long now) {
    boolean first = ejectedUntil.compareAndSet(until, NEVER);
    if (first) {
      returnedAt = now;
      warmingSince = now;
    }
    return first;
  }

  /** From when it counts as new; {@link #NEVER} if it does not. */
  long warmingSince() {
    return warmingSince;
  }

  Health health() {
    return health;
  }

  void health(Health seen, long now) {
    if (health == Health.UNHEALTHY && seen == Health.HEALTHY) {
      warmingSince = now;
    }
    health = seen;
  }

  int ejections() {
    return ejections;
  }

  int consecutiveFailures() {
    return consecutiveFailures.get();
  }

  long successes() {
    return successes.sum();
  }

  long failures() {
    return failures.sum();
  }

  double latencyNanos() {
    return latencyNanos;
  }

  /** Null where there was none. */
  CallFailure lastFailure() {
    return lastFailure;
  }
}
