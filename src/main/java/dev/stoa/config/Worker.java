package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which all of a configuration's work is done, so that files never block an event
 * loop and no two transactions meet. Futures complete on the asker's context.
 */
final class Worker {
  private final Vertx vertx;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Worker::thread);

  Worker(Vertx vertx) {
    this.vertx = vertx;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "stoa-config");
    thread.setDaemon(true);
    return thread;
  }

  /** Work that completes {@code done}, now or by a later step, unless it fails. */
  interface Step<R> {
    void run(CompletableFuture<R> done) throws IOException;
  }

  <R> Future<R> run(Step<R> step) {
    CompletableFuture<R> done = new CompletableFuture<>();
    after(Duration.ZERO, done, step);
    return Future.fromCompletionStage(done, vertx.getOrCreateContext());
  }

  <R> void after(Duration delay, CompletableFuture<R> done, Step<R> step) {
    try {
      thread.schedule(() -> attempt(done, step), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(new IllegalStateException("the configuration is closed", e));
    }
  }

  void every(Duration period, Runnable task) {
    long millis = period.toMillis();
    thread.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  private static <R> void attempt(CompletableFuture<R> done, Step<R> step) {
    try {
      step.run(done);
    } catch (Throwable e) {
      // Whatever it is: the thread goes on, and who asked learns of it.
      done.completeExceptionally(e);
    }
  }

  boolean isClosed() {
    return thread.isShutdown();
  }

  /** Takes no more work. What is waiting for its time, still runs. */
  void close() {
    thread.shutdown();
  }
}
