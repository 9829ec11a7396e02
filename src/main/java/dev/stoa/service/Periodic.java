package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job again and again on the context that started it, with a pause after each run and never
 * twice at a time. A run that fails does not end the rest. That runs fail is logged when it begins
 * and when it ends, not each time: as a fault of ours, or in a line where something that the job
 * needs is away.
 */
public final class Periodic {
  private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

  private final Vertx vertx;
  private final String name;
  private final Supplier<Duration> pause;
  private final Supplier<Future<Void>> job;
  private Future<Void> lastRun = Future.succeededFuture();
  private String failing;
  private boolean stopped;
  private long timer;

  private Periodic(Vertx vertx, String name, Supplier<Duration> pause, Supplier<Future<Void>> job) {
    this.vertx = vertx;
    this.name = name;
    this.pause = pause;
    this.job = job;
  }

  /**
   * Starts; the first run comes after one pause.
   *
   * @param name what the job does, for the log
   * @param pause asked before each wait, so that a reload counts from the next one on
   */
  public static Periodic start(
      Vertx vertx, String name, Supplier<Duration> pause, Supplier<Future<Void>> job) {
    Periodic periodic = new Periodic(vertx, name, pause, job);
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
            .onSuccess(done -> succeeded())
            .otherwise(this::failed)
            .onSuccess(
                done -> {
                  if (!stopped) {
                    await();
                  }
                });
  }

  private void succeeded() {
    if (failing != null) {
      LOG.info("{}: done again", name);
    }
    failing = null;
  }

  private Void failed(Throwable failure) {
    boolean ours =
        !(failure instanceof ProblemException problem)
            || problem.type() == ProblemType.INTERNAL_ERROR;
    if (!failure.toString().equals(failing) && !stopped) {
      if (ours) {
        LOG.error("{}: failed", name, failure);
      } else {
        LOG.warn("{}: not done for now: {}", name, failure.toString());
      }
    }
    failing = failure.toString();
    return null;
  }
}
