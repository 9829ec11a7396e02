package dev.stoa.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Finds how many calls an upstream can take at once, from how calls go. Samples are gathered in
 * short windows, at the end of each of which the limit moves.
 *
 * <p>AIMD: additive increase, multiplicative decrease (Chiu and Jain, 1989, as in TCP): a window
 * with overload (a time-out, a 429 or 503) takes a tenth; any other, if the limit was used, adds
 * its square root.
 *
 * <p>GRADIENT is that of Netflix' concurrency-limits (Gradient2, after TCP Vegas, Brakmo and
 * Peterson, 1995): the limit is scaled by how the usual latency compares with the latest, with room
 * for a queue of the square root of the limit.
 *
 * <p>Safe on any thread, without locks; a sample that falls between two windows may be counted in
 * either.
 */
final class AdaptiveLimit {
  private static final long WINDOW_NANOS = 100_000_000;
  private static final int MIN_SAMPLES = 10;
  private static final double BACK_OFF = 0.9;
  private static final double TOLERANCE = 1.5;
  private static final double SMOOTHING = 0.2;
  private static final double MEMORY = 1.0 / 300;

  private final IntConsumer onChange;
  private final AtomicLong windowEnd;
  private final AtomicLong latencies = new AtomicLong();
  private final AtomicInteger samples = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private volatile boolean overload;
  private volatile AdaptiveConfig config;
  private volatile int max;

  // Written by whoever closes a window; one at a time.
  private volatile double limit;
  private volatile double usualLatency;

  /**
   * A limit.
   *
   * @param max never more
   * @param onChange told of the limit whenever it has moved, and at first
   */
  AdaptiveLimit(AdaptiveConfig config, int max, long nowNanos, IntConsumer onChange) {
    this.onChange = onChange;
    this.windowEnd = new AtomicLong(nowNanos + WINDOW_NANOS);
    configure(config, max);
  }

  /** What was found of the upstream stays, unless it is another algorithm's or told anew. */
  void configure(AdaptiveConfig next, int newMax) {
    AdaptiveConfig before = config;
    config = next;
    max = newMax;
    boolean same =
        before != null
            && before.algorithm() == next.algorithm()
            && before.initialLimit() == next.initialLimit();
    if (next.algorithm() == AdaptiveConfig.Algorithm.NONE) {
      limit = newMax;
    } else {
      limit = bounded(same ? limit : next.initialLimit());
    }
    onChange.accept((int) limit);
  }

  private double bounded(double wanted) {
    return Math.min(max, Math.max(Math.min(config.minLimit(), max), wanted));
  }

  /** A call has been answered. */
  void answered(long latencyNanos, int running, long nowNanos) {
    if (config.algorithm() != AdaptiveConfig.Algorithm.NONE) {
      latencies.addAndGet(latencyNanos);
      sample(running, nowNanos);
    }
  }

  /** A call timed out or was refused for overload. */
  void overloaded(int running, long nowNanos) {
    if (config.algorithm() != AdaptiveConfig.Algorithm.NONE) {
      overload = true;
      sample(running, nowNanos);
    }
  }

  private void sample(int running, long nowNanos) {
    int count = samples.incrementAndGet();
    if (running > mostRunning.get()) {
      mostRunning.set(running);
    }
    long end = windowEnd.get();
    if (nowNanos - end >= 0
        && (count >= MIN_SAMPLES || overload)
        && windowEnd.compareAndSet(end, nowNanos + WINDOW_NANOS)) {
      move();
    }
  }

  private void move() {
    double latency = (double) latencies.getAndSet(0) / Math.max(1, samples.getAndSet(0));
    int running = mostRunning.getAndSet(0);
    boolean overloaded = overload;
    overload = false;
    boolean used = running >= limit / 2;
    double next = limit;
    if (overloaded) {
      next = limit * BACK_OFF;
    } else if (config.algorithm() == AdaptiveConfig.Algorithm.GRADIENT) {
      double gradient = gradient(latency);
      next = used ? smooth(limit * gradient + Math.sqrt(limit)) : limit;
    } else if (used) {
      next = limit + Math.sqrt(limit);
    }
    int before = (int) limit;
    limit = bounded(next);
    if ((int) limit != before) {
      onChange.accept((int) limit);
    }
  }

  private double smooth(double next) {
    return limit * (1 - SMOOTHING) + next * SMOOTHING;
  }

  /** Between a half and one: how much of the limit the latest latency leaves sensible. */
  private double gradient(double latency) {
    double usual = usualLatency;
    usual = usual == 0 ? latency : usual + (latency - usual) * MEMORY;
    if (usual > 2 * latency) {
      usual *= 0.95; // after an overload, find back to what is usual
    }
    usualLatency = usual;
    return latency == 0 ? 1 : Math.max(0.5, Math.min(1, TOLERANCE * usual / latency));
  }
}
