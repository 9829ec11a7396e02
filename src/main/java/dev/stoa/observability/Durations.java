package dev.stoa.observability;

import java.time.Duration;

/**
 * How long things took, in the buckets of all our histograms. Immutable.
 *
 * @param counts how many fell into each bucket, the last of which has no upper bound
 * @param sumNanos all of them together
 */
public record Durations(long[] counts, long sumNanos) {
  /** Of nothing. */
  public static final Durations NONE = new Durations(new long[Latencies.buckets()], 0);

  /** How many there were. */
  public long count() {
    long count = 0;
    for (long one : counts) {
      count += one;
    }
    return count;
  }

  public Durations plus(Durations other) {
    return combined(other, 1);
  }

  /** Those since {@code before}, which was taken of the same. */
  public Durations minus(Durations before) {
    return combined(before, -1);
  }

  /**
   * The duration that this share of them did not exceed, as exact as the buckets are: within one
   * they are taken as evenly spread. Zero where there were none.
   *
   * @param share 0.99 for the 99th percentile
   */
  public Duration quantile(double share) {
    double rank = share * count();
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        long lower = i == 0 ? 0 : Latencies.upperBound(i - 1);
        long upper = i == counts.length - 1 ? lower : Latencies.upperBound(i);
        double within = Math.max(0, rank - below) / counts[i];
        return Duration.ofNanos(lower + Math.round((upper - lower) * within));
      }
      below += counts[i];
    }
    return Duration.ZERO;
  }

  private Durations combined(Durations other, int sign) {
    long[] result = counts.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.max(0, result[i] + sign * other.counts[i]);
    }
    return new Durations(result, Math.max(0, sumNanos + sign * other.sumNanos));
  }
}
