package dev.stoa.observability;

import java.time.Duration;

/**
 * What went through something lately.
 *
 * @param over how long that was
 * @param failed those that ended with a 5xx or without an answer by fault of the upstream
 * @param durations of all of them
 */
public record Flow(Duration over, long failed, Durations durations) {
  private static final double NANOS = 1e9;

  /** Requests per second. */
  public double rate() {
    return durations.count() / Math.max(1e-3, over.toNanos() / NANOS);
  }

  /** The share that failed, 0 to 1; 0 where there was nothing. */
  public double errorRate() {
    long count = durations.count();
    return count == 0 ? 0 : (double) failed / count;
  }

  public Duration p50() {
    return durations.quantile(0.5);
  }

  public Duration p99() {
    return durations.quantile(0.99);
  }
}
