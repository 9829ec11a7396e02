package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import dev.stoa.config.ConfigStore;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** Consul's key-value store as the central store of the configuration: {@code config.consul}. */
public final class ConsulKeys implements ConfigStore {
  private final Vertx vertx;

  public ConsulKeys(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Reads where it is, and notes what is wrong with that. */
  public static void validate(ConfigReader root) {
    ConsulKeysConfig.from(root);
  }

  @Override
  public String name() {
    return "consul-kv";
  }

  @Override
  public String section() {
    return ConsulKeysConfig.SECTION;
  }

  @Override
  public Optional<Place> place(ConfigReader root) {
    return ConsulKeysConfig.from(root).map(config -> new Folder(vertx, config));
  }

  /** The keys with one prefix. */
  private record Folder(Vertx vertx, ConsulKeysConfig config) implements Place {
    @Override
    public String prefix() {
      return config.prefix();
    }

    @Override
    public Duration patience() {
      return config.startTimeout();
    }

    @Override
    public boolean required() {
      return config.required();
    }

    @Override
    public Watch watch(Listener listener) {
      ConsulKeyWatch watch = new ConsulKeyWatch(vertx, config, listener);
      watch.open();
      return watch::close;
    }
  }
}
