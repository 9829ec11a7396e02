package dev.stoa.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    return new Watch(onSilence);
  }

  private void tick(long timer) {
    if (watches.isEmpty()) {
      vertx.cancelTimer(timer);
      ticking = false;
      return;
    }
    long now = System.nanoTime();
    List<Watch> silent = watches.stream().filter(watch -> watch.silentAt(now)).toList();
    silent.forEach(Watch::expire);
  }

  /** Watches one exchange, in whichever phase it is. */
  final class Watch {
    private final Runnable onSilence;
    private long limitNanos;
    private long lastSign;

    private Watch(Runnable onSilence) {
      this.onSilence = onSilence;
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

    private boolean silentAt(long now) {
      return now - lastSign > limitNanos;
    }

    private void expire() {
      if (watches.remove(this)) {
        onSilence.run();
      }
    }
  }
}
