package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.RetryPolicy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Idempotency keys at one service, over HTTP and the event bus. */
@ExtendWith(VertxExtension.class)
class IdempotencyTest {
  private static final String NAME = "keyed-service";

  @TempDir Path directory;
  private Vertx vertx;
  private Transport transport = Transport.HTTP;
  private volatile IdempotencyConfig config = IdempotencyConfig.DEFAULT;
  private ServiceRegistry registry;
  private Tokens tokens;
  private Contracts contracts;
  private ServiceClients clients;
  private WebClient web;
  private ServiceStore store;
  private ServiceEndpoint endpoint;
  private final List<Work> works = new CopyOnWriteArrayList<>();
  private volatile OperationHandler handler = this::made;

  @BeforeEach
  void start(Vertx given) {
    vertx = given;
    registry = new LocalRegistry();
    tokens =
        new Tokens(
            vertx,
            Live.fixed(AuthConfig.ofSecret("q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA")),
            InstantSource.system());
    contracts = new Contracts(vertx);
    clients =
        new ServiceClients(
            vertx, contracts, new InstancePools(registry), tokens, () -> Map.of(NAME, service()));
    web = WebClient.create(vertx);
    open();
  }

  private void open() {
    store =
        await(
            ServiceStore.open(
                vertx,
                new DatabaseConfig(directory),
                "test-service",
                kept -> Future.succeededFuture()));
    OperationHandler counted =
        call -> {
          works.add(call.work());
          return handler.handle(call);
        };
    Operations operations = new Operations();
    List.of("turn", "turnOne", "putTurn", "visit", "logIn")
        .forEach(operation -> operations.on(operation, counted));
    Chassis chassis = new Chassis(registry, tokens, contracts, clients, () -> config);
    endpoint = await(ServiceEndpoint.start(vertx, chassis, service(), operations, store));
  }

  @AfterEach
  void stop() {
    close();
    await(clients.close());
    web.close();
  }

  private void close() {
    await(endpoint.stop().eventually(store::close));
  }

  private ServiceConfig service() {
    return new ServiceConfig(
        NAME,
        "127.0.0.1",
        0,
        transport,
        Duration.ofSeconds(5),
        Advertised.at("127.0.0.1"),
        GuardConfig.DEFAULT,
        RetryPolicy.NEVER);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theSameRequestGetsTheSameReplyAndIsDoneOnce(Transport over) {
    transport = over;
    handler = call -> Future.succeededFuture(priced(call.work().id(), "20.00"));

    Reply first = await(turn("k", new JsonObject("{\"a\": 1.5, \"b\": [{\"c\": 2, \"d\": 3}]}")));
    Reply second =
        await(turn("k", new JsonObject("{\"b\": [{\"d\": 3.0, \"c\": 2}], \"a\": 1.50}")));

    assertEquals(1, works.size());
    assertEquals(first.status(), second.status());
    assertEquals(first.body().encode(), second.body().encode());
    assertTrue(second.body().encode().contains("20.00"), second.body()::encode);
    assertEquals("turns/1", second.headers().get("Location"));
    assertNull(first.headers().get(IdempotencyKey.REPLAYED));
    assertEquals("true", second.headers().get(IdempotencyKey.REPLAYED));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anotherRequestUnderTheSameKeyIsRefused(Transport over) {
    transport = over;
    await(turn("k", body(1)));
    ServiceRequest otherPath = request("turnOne").path("id", "1").idempotencyKey("k");

    ProblemException otherBody = failure(turn("k", body(2)));
    ProblemException otherOperation = failure(clients.call(otherPath));

    assertEquals(ProblemType.IDEMPOTENCY_KEY_REUSED, otherBody.type());
    assertEquals(ProblemType.IDEMPOTENCY_KEY_REUSED, otherOperation.type());
    assertEquals(1, works.size());
    await(turn("l", body(2)));
    assertEquals(2, works.size());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whileItIsWorkedOnACopyIsRefused(Transport over) {
    transport = over;
    Promise<Reply> answer = Promise.promise();
    handler = call -> answer.future();
    Future<Reply> first = turn("k", body(1));
    until(() -> works.size() == 1);

    ProblemException copy = failure(turn("k", body(1)));
    ProblemException other = failure(turn("k", body(2)));
    answer.complete(priced("x", "1"));

    assertEquals(ProblemType.REQUEST_IN_FLIGHT, copy.type());
    assertEquals("1", copy.headers().get("Retry-After"));
    assertEquals(ProblemType.IDEMPOTENCY_KEY_REUSED, other.type());
    assertEquals(await(first).body(), await(turn("k", body(1))).body());
    assertEquals(1, works.size());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aReplyOfAnyStatusIsKept(Transport over) {
    transport = over;
    JsonObject declined =
        new ProblemException(ProblemType.PAYMENT_DECLINED, "No.").toProblem("/turns", "r").toJson();
    handler = call -> Future.succeededFuture(new Reply(402, declined, Map.of()));

    ProblemException first = failure(turn("k", body(1)));
    ProblemException second = failure(turn("k", body(1)));

    assertEquals(ProblemType.PAYMENT_DECLINED, first.type());
    assertEquals(ProblemType.PAYMENT_DECLINED, second.type());
    assertEquals(1, works.size());
  }

  @ParameterizedTest
  @CsvSource({"FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_STOCK", "UNPROCESSABLE", "RATE_LIMITED"})
  void aRefusalFreesTheKeyForAnyRequest(ProblemType refusal) {
    handler = call -> Future.failedFuture(new ProblemException(refusal, "No."));
    assertEquals(refusal, failure(turn("k", body(1))).type());

    handler = this::made;
    await(turn("k", body(2)));

    assertEquals(2, works.size());
    assertNotEquals(works.get(0).id(), works.get(1).id());
    assertFalse(works.get(1).again());
  }

  @Test
  void afterAnUnavailableThingTheSameWorkGoesOnAtOnce() {
    handler =
        call -> Future.failedFuture(new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Away."));
    failure(turn("k", body(1)));
    ProblemException other = failure(turn("k", body(2)));

    handler = this::made;
    Reply reply = await(turn("k", body(1)));

    assertEquals(ProblemType.IDEMPOTENCY_KEY_REUSED, other.type());
    assertEquals(2, works.size());
    assertEquals(new Work(works.get(0).id(), true), works.get(1));
    assertEquals(works.get(0).id(), reply.body().getString("id"));
  }

  @Test
  void anUnknownOutcomeKeepsTheKeyUntilTheLeaseIsOver() {
    config = lease(Duration.ofSeconds(1));
    handler =
        call -> Future.failedFuture(new ProblemException(ProblemType.GATEWAY_TIMEOUT, "Late."));
    failure(turn("k", body(1)));

    handler = this::made;
    ProblemException tooEarly = failure(turn("k", body(1)));
    until(() -> await(turn("k", body(1)).map(true).otherwise(false)));

    assertEquals(ProblemType.REQUEST_IN_FLIGHT, tooEarly.type());
    assertEquals(2, works.size());
    assertEquals(new Work(works.get(0).id(), true), works.get(1));
  }

  @Test
  void workThatWasUndoneStartsOverUnderANewId() {
    handler =
        call -> Future.failedFuture(new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Away."));
    failure(turn("k", body(1)));
    handler = call -> call.work().again() ? Future.failedFuture(new WorkUndone()) : made(call);

    Reply reply = await(turn("k", body(1)));

    assertEquals(3, works.size());
    assertEquals(works.get(0).id(), works.get(1).id());
    assertNotEquals(works.get(0).id(), works.get(2).id());
    assertEquals(works.get(2).id(), reply.body().getString("id"));
    assertEquals(reply.body(), await(turn("k", body(1))).body());
  }

  @Test
  void repliesAndClaimsSurviveARestart() {
    config = lease(Duration.ofSeconds(1));
    Reply kept = await(turn("kept", body(1)));
    handler = call -> Promise.<Reply>promise().future();
    turn("cut-off", body(1)).onFailure(e -> {});
    until(() -> works.size() == 2);

    close();
    open();
    handler = this::made;

    assertEquals(kept.body(), await(turn("kept", body(1))).body());
    assertEquals(ProblemType.IDEMPOTENCY_KEY_REUSED, failure(turn("kept", body(2))).type());
    until(() -> await(turn("cut-off", body(1)).map(true).otherwise(false)));
    assertEquals(3, works.size());
    assertEquals(new Work(works.get(1).id(), true), works.get(2));
  }

  @Test
  void aKeyBelongsToItsCaller() {
    String ann = user("ann");
    String bob = user("bob");

    HttpResponse<Buffer> anns = await(post("/turns", ann, "k").sendJsonObject(body(1)));
    HttpResponse<Buffer> bobs = await(post("/turns", bob, "k").sendJsonObject(body(1)));
    HttpResponse<Buffer> annsAgain = await(post("/turns", ann, "k").sendJsonObject(body(1)));

    assertNotEquals(anns.bodyAsString(), bobs.bodyAsString());
    assertEquals(anns.bodyAsString(), annsAgain.bodyAsString());
    assertEquals(anns.getHeader("Content-Type"), annsAgain.getHeader("Content-Type"));
    assertEquals("true", annsAgain.getHeader("Idempotency-Replayed"));
    assertNull(bobs.getHeader("Idempotency-Replayed"));
  }

  @Test
  void whoIsRefusedAtTheDoorClaimsNothing() {
    assertEquals(401, await(post("/turns", "", "k").sendJsonObject(body(1))).statusCode());
    assertEquals(
        400, await(post("/turns", user("ann"), "k").sendBuffer(Buffer.buffer("{"))).statusCode());

    assertEquals(201, await(post("/turns", user("ann"), "k").sendJsonObject(body(1))).statusCode());
    assertEquals(1, works.size());
  }

  @Test
  void onlyGoodKeysAreTaken() {
    for (String bad : List.of("", "with space", "tab\there", "x".repeat(256), "ümlaut")) {
      HttpResponse<Buffer> answer = await(post("/turns", user("ann"), bad).sendJsonObject(body(1)));
      assertEquals(400, answer.statusCode(), bad);
      assertEquals("Idempotency-Key", field(answer));
    }
    HttpRequest<Buffer> twice = post("/turns", user("ann"), "k");
    twice.headers().add("Idempotency-Key", "k");
    assertEquals("Idempotency-Key", field(await(twice.sendJsonObject(body(1)))));
    assertTrue(works.isEmpty());

    for (String good : List.of("x".repeat(255), "\"quoted\"", "!~", "8e03978e-40d5-43dd-bc93")) {
      assertEquals(
          201, await(post("/turns", user("ann"), good).sendJsonObject(body(1))).statusCode(), good);
    }
  }

  @Test
  void onlyPostsThatDoNotOptOutHeedTheKey() {
    String ann = user("ann");
    for (int i = 0; i < 2; i++) {
      assertEquals(201, await(post("/logins", "", "no good key").send()).statusCode());
      HttpRequest<Buffer> put =
          web.request(HttpMethod.PUT, endpoint.port(), "127.0.0.1", "/turns/1");
      put.putHeader("Idempotency-Key", "k").putHeader("Authorization", ann);
      assertEquals(201, await(put.send()).statusCode());
    }

    assertEquals(4, works.size());
  }

  @Test
  void nothingThatWasAskedCanBeReadInTheDatabase() throws Exception {
    JsonObject secret = new JsonObject().put("password", "open-sesame-1234");

    await(post("/visits", "", "key-of-a-visitor").sendJsonObject(secret));
    HttpResponse<Buffer> again =
        await(post("/visits", "", "key-of-a-visitor").sendJsonObject(secret));

    assertEquals("true", again.getHeader("Idempotency-Replayed"));
    assertEquals(
        422, await(post("/visits", "", "key-of-a-visitor").sendJsonObject(body(1))).statusCode());
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String bytes =
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("open-sesame"), file::toString);
        assertFalse(bytes.contains("key-of-a-visitor"), file::toString);
      }
    }
  }

  private Future<Reply> made(Call call) {
    return Future.succeededFuture(priced(call.work().id(), "1"));
  }

  private static Reply priced(String id, String price) {
    return Reply.created(
        "turns/1", new JsonObject().put("id", id).put("price", new BigDecimal(price)));
  }

  private static IdempotencyConfig lease(Duration lease) {
    return new IdempotencyConfig(Duration.ofHours(1), lease, 1000, 0, 0);
  }

  private Future<Reply> turn(String key, JsonObject body) {
    return clients.call(request("turn").body(body).idempotencyKey(key));
  }

  private static ServiceRequest request(String operation) {
    return ServiceRequest.to(NAME, operation, "r-1");
  }

  private static JsonObject body(int n) {
    return new JsonObject().put("n", n);
  }

  private String user(String name) {
    return "Bearer " + tokens.issue(new Identity(name, name, Set.of("customer"))).token();
  }

  private HttpRequest<Buffer> post(String path, String authorization, String key) {
    HttpRequest<Buffer> request =
        web.request(HttpMethod.POST, endpoint.port(), "127.0.0.1", path)
            .putHeader("Content-Type", "application/json")
            .putHeader("Idempotency-Key", key);
    return authorization.isEmpty() ? request : request.putHeader("Authorization", authorization);
  }

  private static String field(HttpResponse<Buffer> answer) {
    return answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0).getString("field");
  }

  private static ProblemException failure(Future<Reply> call) {
    Throwable failure = await(call.map(reply -> (Throwable) null).otherwise(f -> f));
    return assertInstanceOf(ProblemException.class, failure);
  }

  private static void until(Supplier<Boolean> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.get()) {
      assertTrue(System.nanoTime() < end, "not so within 20 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
