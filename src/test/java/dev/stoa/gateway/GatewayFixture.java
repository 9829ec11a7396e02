package dev.stoa.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.stoa.config.ConfigLayers;
import dev.stoa.config.ConfigPeers;
import dev.stoa.config.ConfigReader;
import dev.stoa.config.Configuration;
import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.edge.Admission;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.limits.RateLimiter;
import dev.stoa.limits.SharedLimits;
import dev.stoa.observability.Metrics;
import dev.stoa.observability.Telemetry;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.resilience.Resilience;
import dev.stoa.service.AuthConfig;
import dev.stoa.service.Contracts;
import dev.stoa.service.Identity;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A whole gateway on real sockets, an upstream that tells what it was sent, and real tokens. */
final class GatewayFixture implements AutoCloseable {
  static final String SECRET = "a secret of the tests that is long enough for HS256";

  final Vertx vertx = Vertx.vertx();
  final Resilience resilience = new Resilience(vertx, "node-1");
  final ServiceRegistry registry = new LocalRegistry();
  final InstancePools pools = new InstancePools(registry);
  final Tokens tokens = tokens(Instant.now());
  final AtomicReference<GatewayConfig> config = new AtomicReference<>();
  final AtomicReference<ServiceClient> services = new AtomicReference<>();
  final AtomicReference<JsonObject> configuration = new AtomicReference<>(new JsonObject());
  final Admission connections = new Admission();
  final AtomicBoolean stopping = new AtomicBoolean();
  final Metrics metrics = new Metrics();
  final Telemetry telemetry = new Telemetry(metrics);
  final int upstream;
  final AtomicReference<IdempotencyConfig> idempotency =
      new AtomicReference<>(IdempotencyConfig.DEFAULT);
  final Path data = Path.of("target", "gateway-" + UUID.randomUUID());

  /** Not started unless a test does, and of no effect on {@link #config}. */
  final Configuration<GatewayConfig> files =
      new Configuration<>(
          vertx,
          ConfigLayers.in(data.resolve("conf"), "test"),
          data,
          new Configuration.Meaning<>(GatewayConfig::from, (old, now) -> List.of(), path -> false));

  private final GatewayKeys keys =
      new GatewayKeys(vertx, new DatabaseConfig(data), idempotency::get);
  final Lookout lookout =
      new Lookout(
          vertx,
          config::get,
          connections,
          pools,
          resilience,
          telemetry,
          configuration::get,
          stopping::get);
  private final GatewayVerticle gateway;
  private final String deployment;

  /** Starts with the configuration in which {@code UPSTREAM} stands for the upstream's port. */
  GatewayFixture(String json) {
    this(json, GatewayFixture::echo);
  }

  GatewayFixture(String json, java.util.function.Consumer<HttpServerRequest> handler) {
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(handler::accept).listen(0, "127.0.0.1"));
    upstream = server.actualPort();
    reload(json);
    gateway =
        new GatewayVerticle(
            new GatewayParts(
                config::get,
                connections,
                pools,
                tokens,
                tokens,
                request -> services.get().call(request),
                new Contracts(vertx),
                new SharedLimits(new RateLimiter()),
                telemetry,
                resilience,
                new LastGoodAnswers(),
                keys,
                new ConfigPeers(vertx, "here", files),
                lookout,
                List.of(),
                configuration::get,
                JsonObject::new,
                stopping::get));
    deployment = await(vertx.deployVerticle(gateway));
  }

  /** Swaps the configuration in force. */
  void reload(String json) {
    config.set(configOf(json));
  }

  GatewayConfig configOf(String json) {
    JsonObject values = new JsonObject(json.replace("UPSTREAM", Integer.toString(upstream)));
    JsonObject own = values.getJsonObject("gateway", new JsonObject());
    ConfigReader reader = ConfigReader.of(values.put("gateway", own.put("port", 0)));
    GatewayConfig read = GatewayConfig.from(reader);
    if (!reader.errors().isEmpty()) {
      throw new AssertionError(reader.errors());
    }
    return read;
  }

  void register(String service) {
    await(registry.register(ServiceInstance.of(service, "127.0.0.1", upstream)));
  }

  int port() {
    return gateway.port();
  }

  RawRequest request(String method, String target) {
    return new RawRequest(port(), method, target);
  }

  RawRequest get(String target) {
    return request("GET", target);
  }

  RawResponse raw(String text) throws IOException {
    return RawRequest.exchange(port(), text);
  }

  String bearer(String userId, String... roles) {
    return "Bearer " + tokens.issue(new Identity(userId, userId, Set.of(roles))).token();
  }

  Tokens tokens(Instant now) {
    return new Tokens(vertx, Live.fixed(AuthConfig.ofSecret(SECRET)), () -> now);
  }

  Future<Void> stop() {
    return vertx.undeploy(deployment);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void echo(HttpServerRequest request) {
    JsonObject headers = new JsonObject();
    request
        .headers()
        .forEach(
            (name, value) -> {
              JsonArray values = headers.getJsonArray(name.toLowerCase(), new JsonArray());
              headers.put(name.toLowerCase(), values.add(value));
            });
    request
        .body()
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Access-Control-Allow-Origin", "https://upstream.example")
                    .putHeader("Access-Control-Allow-Credentials", "true")
                    .putHeader("Vary", "Accept")
                    .putHeader("X-Request-Id", "upstream")
                    .putHeader("RateLimit", "\"upstream\";r=1;t=1")
                    .end(
                        new JsonObject()
                            .put("method", request.method().name())
                            .put("uri", request.uri())
                            .put("headers", headers)
                            .put("body", body.toString())
                            .toBuffer()));
  }

  @Override
  public void close() {
    await(keys.close().eventually(vertx::close));
  }
}
