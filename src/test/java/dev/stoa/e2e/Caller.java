package dev.stoa.e2e;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import java.util.Optional;

/**
 * Somebody who calls the API.
 *
 * @param token empty for one who is not logged in
 */
record Caller(Shop shop, String username, String password, String userId, Optional<String> token) {

  Answer get(String target) {
    return call(HttpMethod.GET, target, null);
  }

  Answer delete(String target) {
    return call(HttpMethod.DELETE, target, null);
  }

  Answer post(String target, JsonObject body) {
    return call(HttpMethod.POST, target, body);
  }

  Answer put(String target, JsonObject body) {
    return call(HttpMethod.PUT, target, body);
  }

  /** Any call; {@code body} may be null. */
  Answer call(HttpMethod method, String target, JsonObject body) {
    HttpRequest<Buffer> request = request(method, target);
    return body == null
        ? shop.send(request, method, target, null)
        : shop.send(
            request.putHeader("Content-Type", "application/json"), method, target, body.toBuffer());
  }

  /** A body of any kind. */
  Answer send(HttpMethod method, String target, String contentType, Buffer body) {
    HttpRequest<Buffer> request = request(method, target);
    return shop.send(request.putHeader("Content-Type", contentType), method, target, body);
  }

  HttpRequest<Buffer> request(HttpMethod method, String target) {
    HttpRequest<Buffer> request = shop.request(method, target);
    token.ifPresent(request::bearerTokenAuthentication);
    return request;
  }

  /** The same caller with another token. */
  Caller with(String other) {
    return new Caller(shop, username, password, userId, Optional.of(other));
  }

  /** Orders one product. */
  Answer order(String productId, int quantity) {
    return post("/api/orders", Shop.basket(productId, quantity));
  }

  /** Pays an order with what it costs. */
  Answer pay(JsonObject order) {
    return post(
        "/api/payments",
        new JsonObject()
            .put("order_id", order.getString("order_id"))
            .put("payment_method", "card")
            .put("amount", order.getNumber("total_amount")));
  }
}
