package dev.stoa.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Notices silence. One coarse timer looks after all exchanges of an event loop, so that watching a
 * body costs one look at the clock per buffer and no timer per request. It runs only while there is
 * something to watch. A watch expires up to {@link #TICK_MILLIS} late.
 */
final class Watchdog {
  static final long TICK_MILLIS = 50;

  private final Vertx vertx;
  private final Set<Watch> watches = new HashSet<>();
  private boolean ticking;

  Watchdog(Vertx vertx) {
    this.vertx = vertx;
  }

  /** A watch that is not yet running. */
  Watch watch(Runnable onSilence) {
    return watch(onSilence, now -> false);
  }

  /**
   * The same that expires also where there is more to complain of than silence.
   *
   * @param complaint asked at each tick while the watch is running, with the time in nanoseconds
   */
  Watch watch(Runnable onSilence, LongPredicate complaint) {
    return new Watch(onSilence, complaint);
  }

  private void tick(long timer) {
    if (watches.isEmpty()) {
      vertx.cancelTimer(timer);
      ticking = false;
      return;
    }
    long now = System.nanoTime();
    // A complaint may end exchanges, their watches with them.
    List<Watch> silent = List.copyOf(watches).stream().filter(watch -> watch.isOver(now)).toList();
    silent.forEach(Watch::expire);
  }

  /** Watches one exchange, in whichever phase it is. */
  final class Watch {
    private final Runnable onSilence;
    private final LongPredicate complaint;
    private long limitNanos;
    private long lastSign;

    private Watch(Runnable onSilence, LongPredicate complaint) {
      this.onSilence = onSilence;
      this.complaint = complaint;
    }

    /** From now on, silence longer than this expires the watch; zero watches nothing. */
    void within(Duration limit) {
      limitNanos = limit.toNanos();
      lastSign = System.nanoTime();
      if (limitNanos == 0) {
        watches.remove(this);
      } else if (watches.add(this) && !ticking) {
        ticking = true;
        vertx.setPeriodic(TICK_MILLIS, Watchdog.this::tick);
      }
    }

    /** A sign of life. */
    void touch() {
      lastSign = System.nanoTime();
    }

    void cancel() {
      watches.remove(this);
    }

    private boolean isOver(long now) {
      return now - lastSign > limitNanos || complaint.test(now);
    }

    private void expire() {
      if (watches.remove(this)) {
        onSilence.run();
      }
    }
  }
}
