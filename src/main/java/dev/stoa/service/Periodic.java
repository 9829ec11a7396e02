package dev.stoa.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job again and again on the context that started it, with a pause after each run and never
 * twice at a time. A run that fails is logged and does not end the rest.
 */
public final class Periodic {
  private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

  private final Vertx vertx;
  private final Supplier<Duration> pause;
  private final Supplier<Future<Void>> job;
  private Future<Void> lastRun = Future.succeededFuture();
  private boolean stopped;
  private long timer;

  private Periodic(Vertx vertx, Supplier<Duration> pause, Supplier<Future<Void>> job) {
    this.vertx = vertx;
    this.pause = pause;
    this.job = job;
  }

  /**
   * Starts; the first run comes after one pause.
   *
   * @param pause asked before each wait, so that a reload counts from the next one on
   */
  public static Periodic start(Vertx vertx, Supplier<Duration> pause, Supplier<Future<Void>> job) {
    Periodic periodic = new Periodic(vertx, pause, job);
    periodic.await();
    return periodic;
  }

  /** No further run; completes when the running one has ended. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return lastRun;
  }

  private void await() {
    timer = vertx.setTimer(Math.max(1, pause.get().toMillis()), id -> run());
  }

  private void run() {
    lastRun =
        Future.<Void>future(promise -> job.get().onComplete(promise))
            .otherwise(
                failure -> {
                  LOG.error("A periodic job failed", failure);
                  return null;
                })
            .onSuccess(
                done -> {
                  if (!stopped) {
                    await();
                  }
                });
  }
}
