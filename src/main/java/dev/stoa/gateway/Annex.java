package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiFunction;

/**
 * Something to read on the gateway's port, before any route: a path and everything below it. The
 * gateway knows no more of it, and does not ask who calls: whoever answers sees to that.
 *
 * @param prefix a path without a slash at its end
 * @param handler answers a GET or HEAD of a path, as the gateway spells it, or fails with a {@link
 *     dev.stoa.problem.ProblemException}; it does not read the request's body; called on the event
 *     loop of the request
 */
public record Annex(String prefix, BiFunction<HttpServerRequest, String, Future<Void>> handler) {

  boolean takes(String path) {
    return PathPattern.isBelow(path, prefix);
  }

  /** As one of the gateway's own. */
  Endpoint endpoint(Vertx vertx) {
    return Endpoint.get(
        prefix,
        exchange ->
            handler
                .apply(exchange.request(), exchange.path().path())
                .onSuccess(written -> UnreadBody.discard(vertx, exchange.request())));
  }
}
