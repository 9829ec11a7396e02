package dev.stoa.e2e;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** So many clients, each of which does one thing after the other. */
final class ClosedLoop {
  /**
   * What came of it.
   *
   * @param cpuMicros of the process that served it, user and system, for each
   */
  record Rate(double perSecond, double cpuMicros, double p50Millis, double p99Millis) {}

  private final long pid;
  private final int clients;
  private final IntFunction<Future<?>> work;

  /**
   * Clients of one process.
   *
   * @param work is told its number, from 0
   */
  ClosedLoop(long pid, int clients, IntFunction<Future<?>> work) {
    this.pid = pid;
    this.clients = clients;
    this.work = work;
  }

  /** Does it so often, altogether. */
  Rate run(Vertx vertx, int times) {
    long[] nanos = new long[times];
    AtomicInteger next = new AtomicInteger();
    Duration cpu = cpu(pid);
    long start = System.nanoTime();
    List<Future<Void>> all =
        IntStream.range(0, clients).mapToObj(i -> client(vertx, next, nanos)).toList();
    await(Future.all(all));
    long took = System.nanoTime() - start;
    double cpuMicros = cpu(pid).minus(cpu).toNanos() / 1e3 / times;
    Arrays.sort(nanos);
    return new Rate(
        times * 1e9 / took, cpuMicros, nanos[times / 2] / 1e6, nanos[times * 99 / 100] / 1e6);
  }

  private Future<Void> client(Vertx vertx, AtomicInteger next, long[] nanos) {
    Promise<Void> done = Promise.promise();
    vertx.getOrCreateContext().runOnContext(now -> goOn(next, nanos, done));
    return done.future();
  }

  // Not by chained futures: those of so many would be too deep for a stack.
  private void goOn(AtomicInteger next, long[] nanos, Promise<Void> done) {
    int mine = next.getAndIncrement();
    if (mine >= nanos.length) {
      done.complete();
      return;
    }
    long start = System.nanoTime();
    work.apply(mine)
        .onFailure(done::tryFail)
        .onSuccess(
            answered -> {
              nanos[mine] = System.nanoTime() - start;
              goOn(next, nanos, done);
            });
  }

  /** User and system time of a process so far. */
  static Duration cpu(long pid) {
    return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
