package dev.stoa.config;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The value in force now of something that can be reloaded. Each {@link #get()} may answer another
 * immutable snapshot: whoever needs one consistent view for a request asks once and keeps the
 * answer. Safe on any thread and never blocks.
 */
@FunctionalInterface
public interface Live<T> extends Supplier<T> {

  /** A value that never changes. */
  static <T> Live<T> fixed(T value) {
    return () -> value;
  }

  /** A part of this value. {@code part} runs at each look-up, so it should only pick a field. */
  default <R> Live<R> map(Function<? super T, ? extends R> part) {
    return () -> part.apply(get());
  }
}
