package dev.stoa.resilience;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places for calls of one upstream, so that a slow one cannot take what the others need (Nygard,
 * "Release It!", chapter 5), with a bounded queue in front, served in order. How many places there
 * are may change at any time. Safe on any thread, without locks; a free place is taken by one
 * compare-and-set.
 */
final class Bulkhead {
  private static final Future<Void> AT_ONCE = Future.succeededFuture();

  private final Vertx vertx;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Waiter> queue = new ConcurrentLinkedQueue<>();
  private volatile int places;
  private volatile int maxQueue;

  Bulkhead(Vertx vertx, int places, int maxQueue) {
    this.vertx = vertx;
    resize(places, maxQueue);
  }

  /** Changes the bounds; who is in stays in. */
  void resize(int newPlaces, int newMaxQueue) {
    places = newPlaces;
    maxQueue = newMaxQueue;
    admit();
  }

  /**
   * Takes a place, at once or when it is this caller's turn; completes on the caller's context.
   * Fails with OVERLOADED where the queue is full or the wait too long. Whoever got a place calls
   * {@link #leave} once.
   */
  Future<Void> enter(Duration maxWait) {
    if (enterAtOnce()) {
      return AT_ONCE;
    }
    if (maxWait.toMillis() < 1) {
      return Future.failedFuture(Refusal.overloaded());
    }
    if (waiting.incrementAndGet() > maxQueue) {
      waiting.decrementAndGet();
      return Future.failedFuture(Refusal.overloaded());
    }
    Waiter waiter = new Waiter(maxWait);
    queue.add(waiter);
    admit(); // a place may have become free before the queue could tell
    return waiter.place.future();
  }

  /** Takes a place if there is one that nobody waits for. */
  boolean enterAtOnce() {
    return waiting.get() == 0 && take();
  }

  void leave() {
    running.decrementAndGet();
    admit();
  }

  /** Whether there is neither a place nor room to wait for one. */
  boolean isFull() {
    return running.get() >= places && waiting.get() >= maxQueue;
  }

  int running() {
    return running.get();
  }

  int waiting() {
    return waiting.get();
  }

  int places() {
    return places;
  }

  private boolean take() {
    int now = running.get();
    while (now < places) {
      if (running.compareAndSet(now, now + 1)) {
        return true;
      }
      now = running.get();
    }
    return false;
  }

  private void admit() {
    while (!queue.isEmpty() && take()) {
      Waiter next = queue.poll();
      if (next == null) {
        running.decrementAndGet();
      } else {
        waiting.decrementAndGet();
        next.admit();
      }
    }
  }

  /** One in the queue. Being taken off it decides between a place and giving up. */
  private final class Waiter {
    final Promise<Void> place = Promise.promise();
    private final Context context = vertx.getOrCreateContext();
    private final long timer;

    Waiter(Duration maxWait) {
      timer = vertx.setTimer(maxWait.toMillis(), id -> giveUp());
    }

    void admit() {
      vertx.cancelTimer(timer);
      context.runOnContext(v -> place.complete());
    }

    private void giveUp() {
      if (queue.remove(this)) {
        waiting.decrementAndGet();
        place.fail(Refusal.overloaded());
      }
    }
  }
}
