package dev.stoa.gateway;

import java.util.HashMap;
import java.util.Map;

/**
 * Makes equal values one, while a configuration is read: what a thousand routes have alike is then
 * in memory, and in the caches of the processor, once. For immutable values; for one thread.
 */
final class Same {
  private final Map<Object, Object> known = new HashMap<>();

  /** The value that was the first to be equal to this one. */
  @SuppressWarnings("unchecked") // equal immutable values are as good as each other
  <T> T as(T value) {
    Object first = known.putIfAbsent(value, value);
    return first == null ? value : (T) first;
  }
}
