package dev.stoa.observability;

/**
 * How durations are counted in fixed buckets. Made for hot paths: adding one allocates nothing,
 * takes no lock and costs two additions. Safe on any thread; a reader may see the last few in part.
 */
final class Latencies {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Upper bounds, both for the proxy, which takes less than a millisecond, and for patience. */
  private static final double[] MILLIS = {
    0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000
  };

  private static final long[] BOUNDS = bounds();

  /** Where the sum of all is counted: first, since short ones are most and come next to it. */
  private static final int SUM = 0;

  private static final int FIRST = SUM + 1;

  private Latencies() {}

  /** How many numbers it takes. */
  static int size() {
    return FIRST + buckets();
  }

  /** Adds one. */
  static void record(Counts counts, long nanos) {
    int lane = counts.lane();
    counts.add(lane, bucket(nanos), 1);
    counts.add(lane, SUM, nanos);
  }

  /** The same. */
  static void record(Counts.Own counts, long nanos) {
    counts.add(bucket(nanos), 1);
    counts.add(SUM, nanos);
  }

  private static int bucket(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    return FIRST + bucket;
  }

  static Durations durations(Counts counts) {
    long[] now = new long[buckets()];
    for (int i = 0; i < now.length; i++) {
      now[i] = counts.sum(FIRST + i);
    }
    return new Durations(now, counts.sum(SUM));
  }

  /** How many buckets there are, the last one without a bound included. */
  static int buckets() {
    return BOUNDS.length + 1;
  }

  /** Of a bucket, in nanoseconds; {@link Long#MAX_VALUE} of the last. */
  static long upperBound(int bucket) {
    return bucket < BOUNDS.length ? BOUNDS[bucket] : Long.MAX_VALUE;
  }

  private static long[] bounds() {
    long[] bounds = new long[MILLIS.length];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Math.round(MILLIS[i] * NANOS_PER_MILLI);
    }
    return bounds;
  }
}
