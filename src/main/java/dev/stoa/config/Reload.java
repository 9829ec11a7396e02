package dev.stoa.config;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a change gets to be the configuration in force: event, debounce, read all files until two
 * reads agree, then leave it to {@link Revisions} to take them or not. On the configuration's
 * thread, but for {@link #changed}.
 */
final class Reload<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  /** When things happen: after an event, between two reads, and without any event. */
  record Pace(Duration debounce, Duration settle, Duration scan) {
    static final Pace NORMAL =
        new Pace(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(1));
  }

  private final ConfigLayers layers;
  private final Revisions<T> revisions;
  private final CentralStore central;
  private final Worker worker;
  private final Pace pace;
  private final AtomicBoolean lookDue = new AtomicBoolean();
  private Optional<ConfigWatcher> watcher = Optional.empty();

  Reload(
      ConfigLayers layers, Revisions<T> revisions, CentralStore central, Worker worker, Pace pace) {
    this.layers = layers;
    this.revisions = revisions;
    this.central = central;
    this.worker = worker;
    this.pace = pace;
  }

  /** Starts with what is there, and watches from then on. */
  void begin(CompletableFuture<T> started) {
    central.expectAnswer();
    FileSet files = read();
    if (revisions.start(files, false)) {
      watch();
      started.complete(revisions.value());
    } else {
      settle(
          files,
          started,
          settled -> {
            revisions.start(settled, true);
            watch();
            started.complete(revisions.value());
          });
    }
  }

  /** The files as they are now, and what the central store says. */
  FileSet read() {
    return central.over(layers.readFiles());
  }

  private void watch() {
    watcher = ConfigWatcher.start(layers.directory(), this::changed);
    worker.every(pace.scan, () -> worker.after(Duration.ZERO, unattended(), this::look));
  }

  /** Watches no more. */
  void close() throws IOException {
    if (watcher.isPresent()) {
      watcher.get().close();
    }
  }

  /** An event: a look is due soon. Those that come before it are answered by it as well. */
  void changed() {
    if (revisions.isStarted() && lookDue.compareAndSet(false, true)) {
      worker.after(pace.debounce, unattended(), this::look);
    }
  }

  /** Takes up what is there, if it is something else. */
  void look(CompletableFuture<ConfigStatus> done) {
    // Before reading: an event from now on may be about what this look does not see.
    lookDue.set(false);
    FileSet files = read();
    if (revisions.knows(files)) {
      done.complete(revisions.status());
      return;
    }
    settle(
        files,
        done,
        settled -> {
          revisions.apply(settled);
          follow(settled);
          done.complete(revisions.status());
        });
  }

  /**
   * Where good files lead; they may be good but for what the store says that they lead away from.
   */
  private void follow(FileSet settled) {
    FileSet local = settled.without(layers.storeFile());
    if (!revisions.status().stale()
        || central.isElsewhere(local) && revisions.dryRun(local).valid()) {
      central.follow(local);
    }
  }

  /** Reads again until two reads agree, as nobody is writing any more then. */
  private <R> void settle(FileSet last, CompletableFuture<R> done, Consumer<FileSet> judge) {
    worker.after(
        pace.settle,
        done,
        any -> {
          FileSet now = read();
          if (now.equals(last)) {
            judge.accept(now);
          } else {
            settle(now, done, judge);
          }
        });
  }

  /** For a look that nobody waits for. */
  private CompletableFuture<ConfigStatus> unattended() {
    CompletableFuture<ConfigStatus> done = new CompletableFuture<>();
    done.whenComplete(
        (status, failure) -> {
          if (failure != null && !worker.isClosed()) {
            LOG.error("looking at the configuration failed, what is in force goes on", failure);
          }
        });
    return done;
  }
}
