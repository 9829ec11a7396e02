package dev.stoa.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The last changes of state, numbered, and those who want to hear of each new one. Bounded; safe on
 * any thread.
 */
final class StateLog {
  static final int KEPT = 300;

  /**
   * One of them.
   *
   * @param id grows within one process; {@code 18f3a2-17}, of which the first part is the process's
   */
  record Entry(long number, String id, StateChange change) {}

  private final String process = Long.toHexString(System.currentTimeMillis());
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();
  private long last;

  synchronized void add(StateChange change) {
    last++;
    Entry entry = new Entry(last, process + '-' + last, change);
    entries.addLast(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    listeners.forEach(listener -> listener.accept(entry));
  }

  /**
   * What is kept and came after the one of this id, and from then on each new one: nothing is lost
   * and nothing comes twice between the two.
   *
   * @param id null, or of another process, for everything that is kept
   * @param listener called by whoever adds, in order; must not block
   * @return ends it
   */
  synchronized Runnable follow(String id, Consumer<Entry> listener) {
    long after = numberOf(id);
    entries.stream().filter(entry -> entry.number > after).forEach(listener);
    // Its own object: the same listener may follow twice and end one.
    Consumer<Entry> own = listener::accept;
    listeners.add(own);
    return () -> listeners.remove(own);
  }

  private long numberOf(String id) {
    if (id == null || !id.startsWith(process + '-')) {
      return 0;
    }
    try {
      return Long.parseLong(id.substring(process.length() + 1));
    } catch (NumberFormatException notOurs) {
      return 0;
    }
  }
}
