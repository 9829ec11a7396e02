package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store in memory that loses what a test wants it to lose. */
final class FakeStore implements ConfigStore {
  private final Map<String, Buffer> values = new TreeMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private Optional<String> trouble = Optional.empty();
  private boolean restarted;

  private record Folder(String prefix, boolean required, FakeStore of) implements Place {
    @Override
    public Duration patience() {
      return Duration.ofSeconds(20);
    }

    @Override
    public Watch watch(Listener listener) {
      return of.begin(listener);
    }
  }

  @Override
  public String name() {
    return "kv";
  }

  @Override
  public String section() {
    return "central";
  }

  @Override
  public Optional<Place> place(ConfigReader root) {
    ConfigReader own = root.section("central");
    String prefix =
        own.has("tree")
            ? own.section("tree").string("top_folder", "shop/")
            : own.string("prefix", "shop/");
    boolean required = own.bool("required", false);
    return own.bool("enabled", false)
        ? Optional.of(new Folder(prefix, required, this))
        : Optional.empty();
  }

  synchronized FakeStore put(String key, String value) {
    values.put(key, Buffer.buffer(value));
    return tell();
  }

  synchronized FakeStore delete(String key) {
    values.remove(key);
    return tell();
  }

  synchronized FakeStore fails(String reason) {
    trouble = Optional.of(reason);
    return tell();
  }

  /** Answers again, with nothing where it has {@code forgotten} all. */
  synchronized FakeStore comesBack(boolean forgotten) {
    trouble = Optional.empty();
    if (forgotten) {
      values.clear();
    }
    restarted = forgotten;
    return tell();
  }

  /** How many ask. */
  synchronized int watches() {
    return listeners.size();
  }

  private synchronized Watch begin(Listener listener) {
    listeners.add(listener);
    tell();
    return () -> end(listener);
  }

  private synchronized Future<Void> end(Listener listener) {
    listeners.remove(listener);
    return Future.succeededFuture();
  }

  private FakeStore tell() {
    for (Listener listener : listeners) {
      trouble.ifPresentOrElse(
          listener::failed, () -> listener.answered(Map.copyOf(values), restarted));
    }
    restarted = false;
    return this;
  }
}
