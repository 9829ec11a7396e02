package dev.stoa.e2e;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server's API as its clients see it; each call waits for its answer. Close it after use.
 *
 * <p>Where several gateways stand before the same shop, requests go to them in turn, and to the
 * next one where a connection is refused, or where the gateway has said that it is not ready: what
 * a load balancer does. Nothing that was sent is sent again.
 */
final class Shop implements AutoCloseable {
  private static final long SECONDS = 30;
  private static final int CONNECTIONS = 128;
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final WebClient web;
  private final Gateways gateways;

  Shop(Vertx vertx, int... ports) {
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions().setFollowRedirects(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.gateways = new Gateways(vertx, web, ports);
  }

  /** Nobody in particular. */
  Caller visitor() {
    return new Caller(this, "", "", "", Optional.empty());
  }

  Caller admin() {
    return logIn("admin", StoaSetup.ADMIN_PASSWORD);
  }

  /** A new customer, logged in. */
  Caller customer() {
    String name = "customer-" + NAMES.incrementAndGet() + "-" + System.nanoTime();
    register(name, "password of " + name).expect(201);
    return logIn(name, "password of " + name);
  }

  Answer register(String username, String password) {
    return visitor().post("/api/auth/register", credentials(username, password));
  }

  Caller logIn(String username, String password) {
    JsonObject session =
        visitor().post("/api/auth/login", credentials(username, password)).expect(200).json();
    return new Caller(
        this,
        username,
        password,
        session.getJsonObject("user").getString("user_id"),
        Optional.of(session.getString("token")));
  }

  /** A new product; answers its id. */
  String product(Caller admin, String name, double price, int stock) {
    JsonObject product = new JsonObject().put("name", name).put("price", price).put("stock", stock);
    return admin.post("/api/products", product).expect(201).text("product_id");
  }

  int stock(String productId) {
    return visitor().get("/api/products/" + productId).expect(200).json().getInteger("stock");
  }

  static JsonObject credentials(String username, String password) {
    return new JsonObject().put("username", username).put("password", password);
  }

  static JsonObject basket(String productId, int quantity) {
    JsonObject item = new JsonObject().put("product_id", productId).put("quantity", quantity);
    return new JsonObject().put("items", new JsonArray().add(item));
  }

  HttpRequest<Buffer> request(HttpMethod method, String target) {
    return web.request(method, gateways.next(), "127.0.0.1", target);
  }

  Answer send(HttpRequest<Buffer> request, HttpMethod method, String target, Buffer body) {
    return await(gateways.send(port -> answer(request.port(port), method, target, body)));
  }

  /** Without waiting. */
  static Future<Answer> answer(
      HttpRequest<Buffer> request, HttpMethod method, String target, Buffer body) {
    Future<HttpResponse<Buffer>> sent = body == null ? request.send() : request.sendBuffer(body);
    return sent.map(http -> new Answer(method, target, http));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    gateways.close();
    web.close();
  }
}
