package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.persistence.DatabaseConfig;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** One service on a free port with a database of its own, and what a test needs to call it. */
public final class ServiceHarness {
  private static final PoolOptions POOL = new PoolOptions().setHttp1MaxSize(64);

  private final Vertx vertx;
  private final String service;
  private final Path directory;
  private final ServiceRegistry registry = new LocalRegistry();
  private final Tokens tokens;
  private final ServiceClients clients;
  private final Chassis chassis;
  private final WebClient web;
  private String deployment;

  public ServiceHarness(Vertx vertx, String service, Path directory) {
    this.vertx = vertx;
    this.service = service;
    this.directory = directory;
    this.tokens =
        new Tokens(
            vertx,
            Live.fixed(AuthConfig.ofSecret("q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA")),
            InstantSource.system());
    Contracts contracts = new Contracts(vertx);
    this.clients =
        new ServiceClients(
            vertx, contracts, new InstancePools(registry), tokens, Live.fixed(Map.of()));
    this.chassis = new Chassis(registry, tokens, contracts, clients);
    this.web = WebClient.create(vertx, new WebClientOptions(), POOL);
  }

  public Chassis chassis() {
    return chassis;
  }

  public ServiceConfig config() {
    return new ServiceConfig(service, "127.0.0.1", 0, Transport.HTTP, Duration.ofSeconds(5));
  }

  public DatabaseConfig databases() {
    return new DatabaseConfig(directory);
  }

  public void deploy(Deployable verticle) {
    deployment = await(vertx.deployVerticle(verticle));
  }

  public void undeploy() {
    await(vertx.undeploy(deployment));
  }

  public void close() {
    undeploy();
    await(clients.close());
    web.close();
  }

  /** A token of a user. */
  public String user(String userId, String... roles) {
    return "Bearer " + tokens.issue(new Identity(userId, "name-" + userId, Set.of(roles))).token();
  }

  public String admin() {
    return user("0190b2a0-0000-7000-8000-00000000ad31", Identity.ADMIN);
  }

  /** The token of a service. */
  public String service() {
    return tokens.serviceAuthorization();
  }

  /**
   * Sends a request.
   *
   * @param authorization null for none
   * @param body null for none
   */
  public Future<HttpResponse<Buffer>> send(
      HttpMethod method, String path, String authorization, JsonObject body) {
    HttpRequest<Buffer> request = request(method, path, authorization);
    return body == null ? request.send() : request.sendJsonObject(body);
  }

  private HttpRequest<Buffer> request(HttpMethod method, String path, String authorization) {
    int port = registry.catalog().instances(service).get(0).port();
    HttpRequest<Buffer> request = web.request(method, port, "127.0.0.1", path);
    if (authorization != null) {
      request.putHeader("Authorization", authorization);
    }
    return request;
  }

  public HttpResponse<Buffer> get(String path, String authorization) {
    return await(send(HttpMethod.GET, path, authorization, null));
  }

  public HttpResponse<Buffer> post(String path, String authorization, JsonObject body) {
    return await(send(HttpMethod.POST, path, authorization, body));
  }

  /** Posts JSON exactly as written. */
  public HttpResponse<Buffer> post(String path, String authorization, String json) {
    HttpRequest<Buffer> request = request(HttpMethod.POST, path, authorization);
    return await(
        request.putHeader("Content-Type", "application/json").sendBuffer(Buffer.buffer(json)));
  }

  public HttpResponse<Buffer> put(String path, String authorization, JsonObject body) {
    return await(send(HttpMethod.PUT, path, authorization, body));
  }

  public HttpResponse<Buffer> delete(String path, String authorization) {
    return await(send(HttpMethod.DELETE, path, authorization, null));
  }

  /** Sends so many requests at once and waits for all answers. */
  public static List<HttpResponse<Buffer>> atOnce(
      int count, IntFunction<Future<HttpResponse<Buffer>>> request) {
    List<Future<HttpResponse<Buffer>>> sent = IntStream.range(0, count).mapToObj(request).toList();
    return sent.stream().map(ServiceHarness::await).toList();
  }

  /** {@code 409 insufficient-stock quantity items.1.quantity}: status, type and fields in short. */
  public static String problem(HttpResponse<Buffer> answer) {
    JsonObject body = answer.bodyAsJsonObject();
    StringBuilder text = new StringBuilder().append(answer.statusCode());
    text.append(' ').append(body.getString("type", "?").replace("/problems/", ""));
    if (body.containsKey("errors")) {
      body.getJsonArray("errors")
          .forEach(error -> text.append(' ').append(((JsonObject) error).getString("field")));
    }
    return text.toString();
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
