package dev.stoa.app;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the orderly end of this process has come. It may be hurried: then nothing is waited for
 * any more that is not answers under way. Safe on any thread.
 */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final int MAX_LINES = 1_000;

  private final Vertx vertx;
  private final Promise<Void> hurry = Promise.promise();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile long startedNanos;

  Drain(Vertx vertx) {
    this.vertx = vertx;
  }

  /** It begins. */
  void begin() {
    startedNanos = System.nanoTime();
    say("/health/ready says 503");
  }

  /** One more step is done. */
  void say(String step) {
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    LOG.info("draining, {} s: {}", "%.1f".formatted(seconds), step);
    if (lines.size() < MAX_LINES) {
      lines.add("%5.1f s  %s".formatted(seconds, step));
    }
  }

  /** Nobody wants to wait any more. */
  void hurry() {
    if (hurry.tryComplete()) {
      say("hurried: no more waiting");
    }
  }

  boolean isHurried() {
    return hurry.future().isComplete();
  }

  /** Completes after so long, or as soon as it is hurried. Never fails. */
  Future<Void> pause(Duration time) {
    if (time.isZero() || isHurried()) {
      return Future.succeededFuture();
    }
    return Future.any(vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS), hurry.future())
        .mapEmpty();
  }

  /** What was done so far; empty where it has not begun. */
  Optional<JsonObject> progress() {
    return startedNanos == 0
        ? Optional.empty()
        : Optional.of(new JsonObject().put("steps", new JsonArray(List.copyOf(lines))));
  }
}
