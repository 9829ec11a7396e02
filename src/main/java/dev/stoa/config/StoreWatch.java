package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the configuration's thread what the store says at the one place where it is asked. What
 * comes late from a place that was left is not heard any more. For that thread.
 */
final class StoreWatch {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  private final Worker worker;
  private ConfigStore.Watch watch = Future::succeededFuture;
  private int places;

  /** Asks nowhere yet. */
  StoreWatch(Worker worker) {
    this.worker = worker;
  }

  /** Asks there, after any other place was {@linkplain #close left}. */
  void open(ConfigStore.Place there, ConfigStore.Listener listener) {
    int place = ++places;
    watch =
        there.watch(
            new ConfigStore.Listener() {
              @Override
              public void answered(Map<String, Buffer> values, boolean restarted) {
                after(place, Duration.ZERO, () -> listener.answered(values, restarted));
              }

              @Override
              public void failed(String reason) {
                after(place, Duration.ZERO, () -> listener.failed(reason));
              }
            });
  }

  /** Does this after so long, unless the place is left by then. */
  void after(Duration delay, Runnable action) {
    after(places, delay, action);
  }

  private void after(int place, Duration delay, Runnable action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    done.exceptionally(
        failure -> {
          if (!worker.isClosed()) {
            LOG.error("what the central store said could not be used", failure);
          }
          return null;
        });
    worker.after(
        delay,
        done,
        any -> {
          if (place == places) {
            action.run();
          }
        });
  }

  /** Asks no more. */
  Future<Void> close() {
    places++;
    Future<Void> closed = watch.close();
    watch = Future::succeededFuture;
    return closed;
  }
}
