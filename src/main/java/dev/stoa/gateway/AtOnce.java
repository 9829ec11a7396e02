package dev.stoa.gateway;

import io.vertx.core.Future;
import java.util.function.Function;

/**
 * Stages that seldom have to wait. What is decided already goes on in the same call: a chain of
 * futures would cost more than most stages do.
 */
final class AtOnce {
  private AtOnce() {}

  /** As {@link Future#compose}; but where nothing is waited for, {@code next} may throw. */
  static <T, R> Future<R> then(Future<T> stage, Function<T, Future<R>> next) {
    return stage.succeeded() ? next.apply(stage.result()) : stage.compose(next);
  }
}
