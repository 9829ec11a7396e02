package dev.stoa.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of what comes into force: whoever listens, and the log. A listener that fails keeps nobody
 * else from hearing. One thread tells; anybody may come to listen.
 */
final class RevisionNews<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);
  private static final int MAX_KEYS_LOGGED = 20;

  private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
  private volatile Consumer<T> beginner = value -> {};
  private final LongAdder changes = new LongAdder();

  /** As {@link Configuration#onStart}. */
  void onStart(Consumer<T> listener) {
    beginner = listener;
  }

  /** As {@link Configuration#onChange}. */
  void onChange(Consumer<T> listener) {
    listeners.add(listener);
  }

  /** How often another configuration came into force since the start. */
  long changes() {
    return changes.sum();
  }

  /** The first one is coming into force. */
  void started(T first) {
    beginner.accept(first);
  }

  /** Another one is in force. */
  void changed(InForce<T> before, InForce<T> now) {
    changes.increment();
    log(before, now);
    for (Consumer<T> listener : listeners) {
      try {
        listener.accept(now.value());
      } catch (RuntimeException e) {
        LOG.error("a listener failed on configuration {}", now.status().revision(), e);
      }
    }
  }

  private static void log(InForce<?> before, InForce<?> now) {
    List<String> changed =
        TreeDiff.between(before.tree(), now.tree()).stream().map(ConfigChange::path).toList();
    String keys = changed.stream().limit(MAX_KEYS_LOGGED).collect(Collectors.joining(", "));
    String more = changed.size() > MAX_KEYS_LOGGED ? ", …" : "";
    String health = before.status().stale() ? " and healthy again" : "";
    String revision = now.status().revision();
    LOG.info("configuration {} in force{}, changed: {}{}", revision, health, keys, more);
    List<String> restart = now.status().restartNeeded();
    if (!restart.equals(before.status().restartNeeded())) {
      LOG.warn("restart {}", restart.isEmpty() ? "no longer needed" : "needed for " + restart);
    }
  }
}
