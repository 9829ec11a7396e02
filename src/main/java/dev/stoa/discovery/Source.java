package dev.stoa.discovery;

import dev.stoa.discovery.Directory.Reading;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory and what is made of it: what it is believed to list, kept on disk. All on the
 * context of discovery, but for {@link #view()} and {@link #status()}, which answer anywhere.
 */
final class Source implements Directory.Reports {
  private static final Logger LOG = LoggerFactory.getLogger(Source.class);

  private final Vertx vertx;
  private final String name;
  private final Directory directory;
  private final Origin origin;
  private final Optional<LastKnown> disk;
  private final Runnable changed;
  private final InstantSource clock = InstantSource.system();
  private final Promise<Void> firstReport = Promise.promise();
  private volatile Origin.View view;
  private volatile RegistryStatus status;
  private boolean closed;
  private long timer = -1;

  /**
   * A source that is not open yet.
   *
   * @param disk where it is kept what is listed; empty for what is never away
   * @param changed told of each report
   */
  Source(
      Vertx vertx, Directory directory, Origin origin, Optional<LastKnown> disk, Runnable changed) {
    this.vertx = vertx;
    this.name = origin.view().name();
    this.directory = directory;
    this.origin = origin;
    this.disk = disk;
    this.changed = changed;
    refresh();
  }

  /** Takes over what the source before it believed, as known last. */
  void inherit(Origin.View before) {
    origin.remember(
        before.entries().stream().map(Origin.View.Entry::instance).toList(), before.known());
    refresh();
  }

  /** Recalls what is on disk and begins to read; completes with the first report. */
  Future<Void> open() {
    return disk.map(LastKnown::load)
        .orElse(Future.succeededFuture(List.of()))
        .compose(
            instances -> {
              origin.remember(instances, Set.of());
              refresh();
              changed.run();
              if (!closed) {
                directory.open(this);
              }
              return firstReport.future();
            });
  }

  Directory directory() {
    return directory;
  }

  Origin.View view() {
    return view;
  }

  RegistryStatus status() {
    return status;
  }

  @Override
  public void read(Reading reading) {
    if (closed) {
      return;
    }
    boolean back = !status.answering();
    int missing = status.missing();
    origin.read(reading, nowMillis(), clock.instant());
    report();
    if (back) {
      LOG.info("{} answers: {} instances", name, status.instances());
    }
    if (status.missing() > missing) {
      LOG.info("{} does not list {} instances any more; asking again", name, status.missing());
    }
    List<ServiceInstance> known = view.entries().stream().map(Origin.View.Entry::instance).toList();
    disk.ifPresent(kept -> kept.keep(known));
  }

  @Override
  public void away(Throwable cause) {
    if (closed) {
      return;
    }
    String reason = Failures.reason(cause);
    if (status.answering() || !firstReport.future().isComplete()) {
      LOG.warn(
          "{} does not answer ({}); going on with {} instances known last",
          name,
          reason,
          view.entries().size());
    }
    origin.away(reason, clock.instant());
    report();
  }

  @Override
  public void restarted() {
    origin.restarted();
  }

  private void report() {
    view = origin.view();
    changed.run();
    // Last, so that whoever sees it finds the catalog changed.
    status = origin.status();
    firstReport.tryComplete();
    vertx.cancelTimer(timer);
    origin
        .askAgainAtMillis()
        .ifPresent(
            at ->
                timer = vertx.setTimer(Math.max(1, at - nowMillis()), id -> directory.askAgain()));
  }

  private void refresh() {
    view = origin.view();
    status = origin.status();
  }

  Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    firstReport.tryComplete();
    return directory
        .close()
        .eventually(() -> disk.map(LastKnown::close).orElse(Future.succeededFuture()));
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
