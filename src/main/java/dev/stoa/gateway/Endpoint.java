package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One path that the gateway answers itself, before any route.
 *
 * @param method what it takes; GET takes HEAD as well
 * @param path exactly, as {@link RequestPath} spells it
 * @param handler answers, or fails with a {@link dev.stoa.problem.ProblemException}; it sees to who
 *     may ask
 */
record Endpoint(HttpMethod method, String path, Function<Exchange, Future<Void>> handler) {
  static Endpoint get(String path, Function<Exchange, Future<Void>> handler) {
    return new Endpoint(HttpMethod.GET, path, handler);
  }

  static Endpoint post(String path, Function<Exchange, Future<Void>> handler) {
    return new Endpoint(HttpMethod.POST, path, handler);
  }

  boolean takes(HttpMethod asked) {
    return asked.equals(method) || asked.equals(HttpMethod.HEAD) && method.equals(HttpMethod.GET);
  }
}
