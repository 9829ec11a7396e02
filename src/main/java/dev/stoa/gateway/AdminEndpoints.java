package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Makes endpoints that are for admins alone and whose answers nobody keeps. Work that fails or
 * throws is refused as any request is. For the event loop of one gateway.
 */
final class AdminEndpoints {
  /** What is sent here is a file of configuration at most, with half of it escaped. */
  private static final int MAX_BODY = 2 * 1024 * 1024;

  private final Vertx vertx;
  private final Authentication authentication;

  AdminEndpoints(Vertx vertx, Authentication authentication) {
    this.vertx = vertx;
    this.authentication = authentication;
  }

  /** GET: what there is to see now. */
  Endpoint view(String path, Function<Exchange, JsonObject> content) {
    return guarded(
        Endpoint.get(path, exchange -> exchange.answer(vertx, 200, content.apply(exchange))));
  }

  /** GET: what takes a moment to find out. */
  Endpoint question(String path, Function<Exchange, Future<JsonObject>> content) {
    return guarded(
        Endpoint.get(
            path,
            exchange ->
                content.apply(exchange).compose(json -> exchange.answer(vertx, 200, json))));
  }

  /** POST of a JSON object, answered with another. */
  Endpoint command(String path, BiFunction<Exchange, JsonObject, Future<JsonObject>> work) {
    return guarded(
        Endpoint.post(
            path,
            exchange ->
                JsonBody.read(vertx, exchange.request(), MAX_BODY)
                    .compose(body -> work.apply(exchange, body))
                    .compose(json -> exchange.answer(vertx, 200, json))));
  }

  /** Who is no admin does not get to this handler. */
  Endpoint guarded(Endpoint endpoint) {
    return new Endpoint(
        endpoint.method(),
        endpoint.path(),
        this::admit,
        exchange -> {
          exchange.request().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          return endpoint.handler().apply(exchange);
        });
  }

  private Future<Void> admit(Exchange exchange) {
    exchange.admin(authentication.requireAdmin(exchange));
    return Future.succeededFuture();
  }
}
