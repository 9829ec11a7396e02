package dev.stoa.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast an upstream answers while it is busy, and so how long another call would take: what is
 * ahead of it, divided by that rate (Little, 1961). Rates are taken in short windows, and only
 * where the upstream had enough to do: with little to do the rate is that of the callers (as the
 * samples that BBR calls application-limited; Cardwell et al., 2016). A window most of which was
 * one silence says nothing of the rate and is left out: nobody had asked, or what is under way had
 * just begun. What is measured holds for a second.
 *
 * <p>Safe on any thread, without locks.
 */
final class Pace {
  private static final long WINDOW_NANOS = 100_000_000;
  private static final long MEMORY_NANOS = 1_000_000_000;
  private static final int MIN_SAMPLES = 5;
  private static final double SMOOTHING = 0.5;

  private final AtomicLong windowBegan;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicLong latencies = new AtomicLong();
  private volatile boolean busy;
  private volatile long lastAnswer;
  private volatile long silence; // the longest of the window

  // Written by whoever closes a window; one at a time.
  private volatile double perNano;
  private volatile long measuredAt;
  private volatile double unhurried; // nanoseconds that a call takes when nothing is ahead of it

  Pace(long nowNanos) {
    windowBegan = new AtomicLong(nowNanos);
    lastAnswer = nowNanos;
    measuredAt = nowNanos - 2 * MEMORY_NANOS;
  }

  /**
   * A call was answered, with whatever.
   *
   * @param full whether the upstream had as much to do as it is given
   */
  void answered(long latencyNanos, boolean full, long nowNanos) {
    latencies.addAndGet(latencyNanos);
    int count = answers.incrementAndGet();
    silence = Math.max(silence, nowNanos - lastAnswer);
    lastAnswer = nowNanos;
    if (full) {
      busy = true;
    }
    long began = windowBegan.get();
    if (nowNanos - began >= WINDOW_NANOS
        && count >= MIN_SAMPLES
        && windowBegan.compareAndSet(began, nowNanos)) {
      boolean silent = silence > (nowNanos - began) / 2;
      silence = 0;
      if (silent) {
        forget();
      } else {
        close(nowNanos - began, nowNanos);
      }
    }
  }

  private void forget() {
    answers.set(0);
    latencies.set(0);
    busy = false;
  }

  private void close(long span, long nowNanos) {
    int count = Math.max(1, answers.getAndSet(0));
    double latency = (double) latencies.getAndSet(0) / count;
    double rate = (double) count / span;
    boolean wasBusy = busy;
    busy = false;
    double usual = unhurried;
    if (wasBusy) {
      perNano = known(nowNanos) ? perNano + (rate - perNano) * SMOOTHING : rate;
      measuredAt = nowNanos;
      unhurried = usual == 0 ? latency : Math.min(usual, latency);
    } else {
      perNano = Math.max(perNano, rate);
      unhurried = usual == 0 ? latency : usual + (latency - usual) * SMOOTHING;
    }
  }

  /** Nothing that came could be given to the upstream: it has enough to do. */
  void refused() {
    busy = true;
  }

  /**
   * Whether a call that begins now is likely to be answered too late to be worth it: it would queue
   * for more than half of the time that it has beyond what it takes in any case.
   *
   * @param ahead calls that are under way or wait
   */
  boolean isHopeless(int ahead, long remainingNanos, long nowNanos) {
    if (!known(nowNanos)) {
      return false;
    }
    double takes = (ahead + 1) / perNano;
    double spare = remainingNanos - unhurried;
    return spare > 0 && takes - unhurried > spare / 2;
  }

  private boolean known(long nowNanos) {
    return nowNanos - measuredAt <= MEMORY_NANOS && perNano > 0;
  }
}
