package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.InstanceStatus;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.OutlierDetection;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(VertxExtension.class)
class ServiceEndpointTest {
  private static final String NAME = "test-service";

  @TempDir Path directory;
  private Transport transport = Transport.HTTP;
  private Duration timeout = Duration.ofSeconds(5);
  private ServiceRegistry registry;
  private InstancePools pools;
  private Tokens tokens;
  private ServiceStore store;
  private ServiceClients clients;
  private ServiceEndpoint endpoint;
  private WebClient web;
  private volatile Call seen;
  private OperationHandler makeThing =
      call -> Future.succeededFuture(Reply.created("/things/1", call.body()));

  @BeforeEach
  void start(Vertx vertx) {
    registry = new LocalRegistry();
    tokens =
        new Tokens(
            vertx,
            Live.fixed(AuthConfig.ofSecret("q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA")),
            InstantSource.system());
    Contracts contracts = new Contracts(vertx);
    pools = new InstancePools(registry);
    clients = new ServiceClients(vertx, contracts, pools, tokens, () -> Map.of(NAME, config()));
    store =
        await(
            ServiceStore.open(
                vertx, new DatabaseConfig(directory), NAME, kept -> Future.succeededFuture()));
    Operations operations =
        new Operations()
            .on("makeThing", call -> makeThing.handle(call))
            .on(
                "getThing",
                call -> {
                  seen = call;
                  return Future.succeededFuture(
                      Reply.ok(new JsonObject().put("id", call.path("id"))));
                })
            .on("deleteThing", call -> Future.succeededFuture(Reply.noContent()));
    endpoint =
        await(
            ServiceEndpoint.start(
                vertx,
                new Chassis(registry, tokens, contracts, clients),
                config(),
                operations,
                store));
    web = WebClient.create(vertx);
  }

  @AfterEach
  void stop() {
    await(endpoint.stop().eventually(store::close).eventually(clients::close));
    web.close();
  }

  private ServiceConfig config() {
    return new ServiceConfig(NAME, "127.0.0.1", 0, transport, timeout);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aCallArrivesTheSameOverEachTransport(Transport over) {
    transport = over;

    Reply reply = await(clients.call(request("getThing").path("id", "a/b c").query("limit", "3")));

    assertEquals(200, reply.status());
    assertEquals("a/b c", reply.body().getString("id"));
    assertEquals(Map.of("limit", "3"), seen.query());
    assertEquals("r-1", seen.requestId());
    assertTrue(seen.identity().isService());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void problemsComeBackWithTypeAndFields(Transport over) {
    transport = over;
    JsonObject body =
        new JsonObject(
            "{\"name\":\"x\",\"extra\":1,\"items\":[{\"quantity\":0},{\"quantity\":1.5},{}]}");

    ProblemException problem = failure(clients.call(request("makeThing").body(body)));

    assertEquals(ProblemType.INVALID_INPUT, problem.type());
    assertEquals(
        Set.of("name", "extra", "items.0.quantity", "items.1.quantity", "items.2.quantity"),
        Set.copyOf(problem.errors().stream().map(FieldError::field).toList()));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aBugIsNoAnswerOfOurs(Transport over) {
    transport = over;
    makeThing = call -> Future.failedFuture(new IllegalStateException("secret inside"));

    ProblemException problem = failure(clients.call(request("makeThing").body(thing())));

    assertEquals(ProblemType.BAD_GATEWAY, problem.type());
    assertFalse(problem.getMessage().contains("secret"));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whoIsNotThereIsUnavailableAndWhoIsSilentTimesOut(Transport over) {
    transport = over;
    timeout = Duration.ofMillis(300);
    makeThing = call -> io.vertx.core.Promise.<Reply>promise().future();

    ProblemException silent = failure(clients.call(request("makeThing").body(thing())));
    ProblemException away =
        failure(clients.call(ServiceRequest.to("no-service", "getThing", "r-1").path("id", "1")));

    assertEquals(ProblemType.GATEWAY_TIMEOUT, silent.type());
    assertEquals(ProblemType.SERVICE_UNAVAILABLE, away.type());
  }

  @Test
  void aCallGoesToAnotherInstanceWhereOneCannotBeReachedUntilThatIsLeftOut() {
    await(registry.register(ServiceInstance.of(NAME, "127.0.0.1", 1)));

    for (int i = 0; i < 20; i++) {
      assertEquals(201, await(clients.call(request("makeThing").body(thing()))).status());
    }

    List<InstanceStatus> statuses = pools.of(NAME).statuses();
    InstanceStatus dead = statuses.get(statuses.get(0).instance().port() == 1 ? 0 : 1);
    assertEquals(OutlierDetection.DEFAULT.consecutiveFailures(), dead.failures());
    assertTrue(dead.ejectedUntil().isPresent());
    assertEquals(0, statuses.stream().mapToInt(InstanceStatus::inFlight).sum());
  }

  @Test
  void aServiceThatFailsIsSeenToFail() {
    makeThing = call -> Future.failedFuture(new IllegalStateException("broken"));

    failure(clients.call(request("makeThing").body(thing())));
    failure(clients.call(request("makeThing").body(new JsonObject())));

    InstanceStatus status = pools.of(NAME).statuses().get(0);
    assertEquals(1, status.failures());
    assertEquals(1, status.successes());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void otherRepliesKeepStatusAndHeaders(Transport over) {
    transport = over;

    Reply made = await(clients.call(request("makeThing").body(thing())));
    Reply gone = await(clients.call(request("deleteThing").path("id", "1")));

    assertEquals(201, made.status());
    assertEquals("/things/1", made.headers().get("Location"));
    assertEquals(204, gone.status());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /things/1, 401, missing-token",
    "GET, /nowhere, 404, not-found",
    "PATCH, /things/1, 405, method-not-allowed",
    "GET, /things, 405, method-not-allowed",
  })
  void refusesOverHttp(String method, String path, int status, String type) {
    HttpResponse<Buffer> answer = await(http(HttpMethod.valueOf(method), path).send());

    assertProblem(answer, status, type);
  }

  @Test
  void namesTheMethodsThatAPathKnows() {
    assertEquals(
        "DELETE, GET, HEAD", await(http(HttpMethod.PUT, "/things/1").send()).getHeader("Allow"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json| {\"name\":\"ab\",\"items\":[]} // c| 400 | malformed-request",
        "application/json| {\"name\":\"ab\",\"name\":\"ac\",\"items\":[]} | 400 | malformed-request",
        "application/json| [1] | 400 | malformed-request",
        "application/json| {\"name\":null,\"items\":[]} | 400 | invalid-input",
        "application/json| {\"name\":\"ab\",\"items\":[],\"price\":-0.01} | 400 | invalid-input",
        "text/plain| {\"name\":\"ab\",\"items\":[]} | 415 | unsupported-media-type",
        "application/x-www-form-urlencoded| name=ab | 415 | unsupported-media-type",
        "multipart/form-data| x | 400 | malformed-request",
      })
  void refusesBodies(String contentType, String body, int status, String type) {
    HttpResponse<Buffer> answer =
        await(
            http(HttpMethod.POST, "/things")
                .putHeader("Content-Type", contentType)
                .sendBuffer(Buffer.buffer(body)));

    assertProblem(answer, status, type);
  }

  @Test
  void refusesABodyThatIsMissingOrTooLarge() {
    assertProblem(await(http(HttpMethod.POST, "/things").send()), 400, "malformed-request");
    assertProblem(
        await(http(HttpMethod.POST, "/things").sendBuffer(Buffer.buffer(new byte[2 << 20]))),
        413,
        "payload-too-large");
  }

  @Test
  void aRoleIsNeededWhereTheContractSaysSo() {
    String customer = tokens.issue(new Identity("u1", "ann", Set.of("customer"))).token();
    String admin = tokens.issue(new Identity("u2", "bob", Set.of("admin"))).token();

    assertProblem(
        await(http(HttpMethod.DELETE, "/things/1").bearerTokenAuthentication(customer).send()),
        403,
        "forbidden");
    assertEquals(
        204,
        await(http(HttpMethod.DELETE, "/things/1").bearerTokenAuthentication(admin).send())
            .statusCode());
  }

  @Test
  void namesQueryParametersAtFault() {
    String token = tokens.issue(new Identity("u1", "ann", Set.of("customer"))).token();

    for (String query : List.of("limit=x", "limit=0", "limit=10", "limit=1&limit=2")) {
      HttpResponse<Buffer> answer =
          await(http(HttpMethod.GET, "/things/1?" + query).bearerTokenAuthentication(token).send());

      assertProblem(answer, 400, "invalid-input");
      assertEquals(
          "limit",
          answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0).getString("field"));
    }
  }

  @Test
  void answersHeadLikeGetWithoutTheBody() {
    String token = tokens.issue(new Identity("u1", "ann", Set.of("customer"))).token();

    HttpResponse<Buffer> get =
        await(http(HttpMethod.GET, "/things/1").bearerTokenAuthentication(token).send());
    HttpResponse<Buffer> head =
        await(http(HttpMethod.HEAD, "/things/1").bearerTokenAuthentication(token).send());

    assertEquals(200, head.statusCode());
    assertEquals(get.getHeader("Content-Length"), head.getHeader("Content-Length"));
    assertNull(head.body());
    assertEquals(401, await(http(HttpMethod.HEAD, "/things/1").send()).statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\":5 | name | must be a string",
        "\"name\":\"a\" | name | must have a length of at least 2",
        "\"name\":\"ab\",\"price\":-0.5 | price | must be at least 0",
        "\"name\":\"ab\",\"kind\":\"c\" | kind | must be one of a, b",
        "\"name\":\"ab\",\"items\":[{\"quantity\":1.5}] | items.0.quantity | must be a whole number",
        "\"name\":\"ab\",\"items\":[1,2,3,4] | items | must have a length of at most 3",
      })
  void saysWhatItExpectedInPlainWords(String members, String field, String reason) {
    String items = members.contains("items") ? "" : ",\"items\":[]";

    HttpResponse<Buffer> answer =
        await(
            http(HttpMethod.POST, "/things")
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer("{" + members + items + "}")));

    assertEquals(
        new JsonObject().put("field", field).put("reason", reason),
        answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0));
  }

  @Test
  void namesThePathThatTheClientOfTheGatewayAskedFor() {
    HttpResponse<Buffer> behind =
        await(http(HttpMethod.GET, "/things/1").putHeader("X-Forwarded-Prefix", "/api").send());
    HttpResponse<Buffer> odd =
        await(http(HttpMethod.GET, "/things/1").putHeader("X-Forwarded-Prefix", "/a//b").send());

    assertEquals("/api/things/1", behind.bodyAsJsonObject().getString("instance"));
    assertEquals("/things/1", odd.bodyAsJsonObject().getString("instance"));
  }

  @Test
  void tellsItsHealthAndLeavesTheRegistry() {
    for (String path : List.of("/health", "/health/live", "/health/ready")) {
      HttpResponse<Buffer> answer = await(http(HttpMethod.GET, path).send());

      assertEquals(200, answer.statusCode());
      assertEquals("healthy", answer.bodyAsJsonObject().getString("status"));
    }
    await(store.database().close());
    assertEquals(503, await(http(HttpMethod.GET, "/health").send()).statusCode());
    assertEquals(200, await(http(HttpMethod.GET, "/health/live").send()).statusCode());
    assertEquals(1, registry.catalog().instances(NAME).size());

    await(endpoint.stop());

    assertTrue(registry.catalog().knows(NAME));
    assertTrue(registry.catalog().instances(NAME).isEmpty());
  }

  @Test
  void answersWithTheRequestIdItWasGivenIfThatIsSane() {
    HttpResponse<Buffer> given =
        await(http(HttpMethod.GET, "/nowhere").putHeader("X-Request-Id", "abc-1").send());
    HttpResponse<Buffer> made =
        await(http(HttpMethod.GET, "/nowhere").putHeader("X-Request-Id", "a b<").send());

    assertEquals("abc-1", given.getHeader("X-Request-Id"));
    assertEquals("abc-1", given.bodyAsJsonObject().getString("request_id"));
    assertEquals(36, made.getHeader("X-Request-Id").length());
  }

  private static ServiceRequest request(String operation) {
    return ServiceRequest.to(NAME, operation, "r-1");
  }

  private static JsonObject thing() {
    return new JsonObject("{\"name\":\"ab\",\"price\":1.5,\"items\":[{\"quantity\":1}]}");
  }

  private HttpRequest<Buffer> http(HttpMethod method, String path) {
    return web.request(method, endpoint.port(), "127.0.0.1", path);
  }

  private static void assertProblem(HttpResponse<Buffer> answer, int status, String type) {
    assertEquals(status, answer.statusCode(), answer.bodyAsString());
    assertEquals("application/problem+json", answer.getHeader("Content-Type"));
    JsonObject problem = answer.bodyAsJsonObject();
    assertEquals("/problems/" + type, problem.getString("type"));
    assertEquals(status, problem.getInteger("status"));
    assertEquals(problem.getString("title"), problem.getString("error"));
    assertNotNull(problem.getString("request_id"));
  }

  private static ProblemException failure(Future<Reply> call) {
    Throwable failure = await(call.map(reply -> (Throwable) null).otherwise(f -> f));
    return assertInstanceOf(ProblemException.class, failure);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
