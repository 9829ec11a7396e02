package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One path that the gateway answers itself, before any route.
 *
 * @param method what it takes; GET takes HEAD as well
 * @param path exactly, as {@link RequestPath} spells it
 * @param guard lets a request pass, or fails or throws as {@link Filters} do
 * @param handler answers what was let pass, or fails with a {@link
 *     dev.stoa.problem.ProblemException}
 */
record Endpoint(
    HttpMethod method,
    String path,
    Function<Exchange, Future<Void>> guard,
    Function<Exchange, Future<Void>> handler) {

  static Endpoint get(String path, Function<Exchange, Future<Void>> handler) {
    return new Endpoint(HttpMethod.GET, path, anyone -> Future.succeededFuture(), handler);
  }

  static Endpoint post(String path, Function<Exchange, Future<Void>> handler) {
    return new Endpoint(HttpMethod.POST, path, anyone -> Future.succeededFuture(), handler);
  }

  /** The same, for whom this lets pass. */
  Endpoint guardedBy(Function<Exchange, Future<Void>> another) {
    return new Endpoint(method, path, another, handler);
  }

  boolean takes(HttpMethod asked) {
    return asked.equals(method) || asked.equals(HttpMethod.HEAD) && method.equals(HttpMethod.GET);
  }
}
