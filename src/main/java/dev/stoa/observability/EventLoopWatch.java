package dev.stoa.observability;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late event loops are: each has a task that is due at a fixed rate, and what it comes
 * late is what everything else on that loop waits for, too.
 */
final class EventLoopWatch implements AutoCloseable {
  private static final long PERIOD = Duration.ofMillis(250).toNanos();

  private final List<ScheduledFuture<?>> tasks = new ArrayList<>();

  private EventLoopWatch() {}

  static EventLoopWatch start(Vertx vertx, TimeRow delays) {
    EventLoopWatch watch = new EventLoopWatch();
    for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      watch.tasks.add(watch.every(loop, delays));
    }
    return watch;
  }

  private ScheduledFuture<?> every(EventExecutor loop, TimeRow delays) {
    long[] due = {System.nanoTime() + PERIOD};
    return loop.scheduleAtFixedRate(
        () -> {
          long now = System.nanoTime();
          delays.record(0, Math.max(0, now - due[0]));
          // Turns that were missed are not made up for one by one.
          due[0] = Math.max(due[0] + PERIOD, now);
        },
        PERIOD,
        PERIOD,
        TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    tasks.forEach(task -> task.cancel(false));
  }
}
