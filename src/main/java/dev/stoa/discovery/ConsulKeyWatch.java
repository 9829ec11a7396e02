package dev.stoa.discovery;

import dev.stoa.config.ConfigStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Tells of the keys with one prefix whenever they are others. All of it on one context. */
final class ConsulKeyWatch {
  private final Context context;
  private final ConsulApi api;
  private final ConsulLoop<Map<String, Buffer>> loop;

  ConsulKeyWatch(Vertx vertx, ConsulKeysConfig config, ConfigStore.Listener listener) {
    this.context = vertx.getOrCreateContext();
    this.api = ConsulApi.forKeys(vertx, config);
    this.loop =
        new ConsulLoop<>(
            vertx,
            config.patience(),
            since -> api.values(config.prefix(), since),
            new News(listener));
  }

  void open() {
    context.runOnContext(go -> loop.ask());
  }

  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        go -> {
          loop.stop();
          api.close().onComplete(closed);
        });
    return closed.future();
  }

  private static final class News implements ConsulLoop.Listener<Map<String, Buffer>> {
    private final ConfigStore.Listener listener;
    private Map<String, Buffer> told;
    private boolean restarted;

    News(ConfigStore.Listener listener) {
      this.listener = listener;
    }

    @Override
    public void answered(Map<String, Buffer> values) {
      // Most answers say that nothing has changed.
      if (restarted || !values.equals(told)) {
        told = values;
        listener.answered(values, restarted);
        restarted = false;
      }
    }

    @Override
    public void failed(Throwable cause) {
      told = null;
      listener.failed(Failures.reason(cause));
    }

    @Override
    public void restarted() {
      restarted = true;
    }
  }
}
