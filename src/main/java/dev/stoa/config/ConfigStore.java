package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A store of keys and values outside of this process that is one of the layers of its
 * configuration: over the files, under what one process is told. Other layers say how it is
 * reached. Called on the configuration's own thread.
 */
public interface ConfigStore {
  /** What it is called in messages and by the admin API, in a word: {@code consul-kv}. */
  String name();

  /** The section in which the other layers say how it is reached, and it may not say anything. */
  String section();

  /**
   * What the other layers say; empty where it is not used. What is wrong is noted in {@code root}.
   */
  Optional<Place> place(ConfigReader root);

  /** A part of it, and how that is reached. Equal where the same is asked in the same way. */
  interface Place {
    /** What all of its keys begin with. */
    String prefix();

    /** How long a start waits for the first answer. */
    Duration patience();

    /** Whether there is no start without any answer, be it one of a process before. */
    boolean required();

    /** Begins to ask, and asks on until it is closed. Never blocks. */
    Watch watch(Listener listener);
  }

  /** Who is told, one call at a time, on any thread; it must not block. */
  interface Listener {
    /**
     * All there is, the first time, and whenever it is something else.
     *
     * @param values by keys without the prefix
     * @param restarted whether the store has lost its memory, so that this may be less than all
     */
    void answered(Map<String, Buffer> values, boolean restarted);

    /**
     * There is no answer; it is asked again.
     *
     * @param reason in a few words, without any secret
     */
    void failed(String reason);
  }

  /** Questions that are asked. */
  @FunctionalInterface
  interface Watch {
    /** Asks no more; the listener hears nothing after that future. */
    Future<Void> close();
  }
}
