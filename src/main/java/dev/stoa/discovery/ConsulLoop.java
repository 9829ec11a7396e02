package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.BlockingQueryOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks Consul one question for ever: each time it waits until the answer differs from the one
 * before, or some seconds have passed. The index that Consul numbers its answers with never
 * decreases while it keeps its memory (<a
 * href="https://developer.hashicorp.com/consul/api-docs/features/blocking">blocking queries</a>).
 * For one context.
 */
final class ConsulLoop<T> {
  /** An answer and its number. */
  record Answer<T>(long index, T value) {}

  /** Who wants to know. */
  interface Listener<T> {
    void answered(T value);

    void failed(Throwable cause);

    /** Consul has lost its memory; the answer that tells so follows. */
    void restarted();
  }

  /** A server that answers at once all the time shall not keep us, and itself, busy. */
  private static final long MIN_ROUND_MILLIS = 50;

  private static final long NO_INDEX_PAUSE_MILLIS = 1_000;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final String wait;
  private final Function<BlockingQueryOptions, Future<Answer<T>>> question;
  private final Listener<T> listener;
  private final Backoff backoff = new Backoff(LONGEST_PAUSE);
  private long index;
  private long lastIndex;
  private int round;
  private long timer = -1;
  private boolean stopped;

  ConsulLoop(
      Vertx vertx,
      Duration wait,
      Function<BlockingQueryOptions, Future<Answer<T>>> question,
      Listener<T> listener) {
    this.vertx = vertx;
    this.wait = wait.toSeconds() + "s";
    this.question = question;
    this.listener = listener;
  }

  /** Begins; or begins again, not waiting for a change. */
  void ask() {
    index = 0;
    round();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  private void round() {
    if (stopped) {
      return;
    }
    vertx.cancelTimer(timer);
    int asked = ++round;
    long start = System.nanoTime();
    // The client may throw instead of failing its future.
    Future.succeededFuture(new BlockingQueryOptions().setIndex(index).setWait(wait))
        .compose(question)
        .onComplete(
            (answer, failure) -> {
              // An earlier round that was overtaken has nothing new to say.
              if (!stopped && asked == round) {
                if (failure == null) {
                  answered(answer, start);
                } else {
                  failed(failure);
                }
              }
            });
  }

  private void answered(Answer<T> answer, long startNanos) {
    backoff.reset();
    if (answer.index < lastIndex) {
      listener.restarted();
    }
    lastIndex = answer.index;
    index = Math.max(0, answer.index);
    listener.answered(answer.value);
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    roundAfter(index == 0 ? NO_INDEX_PAUSE_MILLIS : MIN_ROUND_MILLIS - took);
  }

  private void failed(Throwable failure) {
    index = 0;
    listener.failed(failure);
    roundAfter(backoff.pauseMillis());
  }

  private void roundAfter(long millis) {
    if (!stopped) {
      timer = vertx.setTimer(Math.max(1, millis), id -> round());
    }
  }
}
