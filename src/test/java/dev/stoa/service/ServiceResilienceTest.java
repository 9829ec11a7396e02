package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.persistence.WorkDeadline;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.BreakerState;
import dev.stoa.resilience.Deadline;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.GuardStatus;
import dev.stoa.resilience.Resilience;
import dev.stoa.resilience.RetryPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls between services that fail and come late, over both transports. */
@ExtendWith(VertxExtension.class)
class ServiceResilienceTest {
  private static final String NAME = "test-service";
  private static final String INSERT =
      "INSERT INTO items (id, name, stock, listed, at) VALUES ($1, $2, 1, 1, NULL)";
  private static final RetryPolicy QUICK =
      new RetryPolicy(
          2, Duration.ofMillis(1), Duration.ofSeconds(2), 2, 0, RetryPolicy.SERVICES.on());

  @TempDir Path directory;
  private final AtomicInteger made = new AtomicInteger();
  private final List<OptionalLong> deadlines = new CopyOnWriteArrayList<>();
  private Transport transport = Transport.HTTP;
  private RetryPolicy retry = QUICK;
  private Resilience resilience;
  private ServiceStore store;
  private ServiceClients clients;
  private ServiceEndpoint endpoint;
  private WebClient web;
  private Vertx vertx;
  private OperationHandler makeThing = call -> Future.succeededFuture(Reply.ok(call.body()));
  private OperationHandler getThing = call -> Future.succeededFuture(Reply.ok(new JsonObject()));

  @BeforeEach
  void start(Vertx running) {
    vertx = running;
    ServiceRegistry registry = new LocalRegistry();
    Tokens tokens =
        new Tokens(
            vertx,
            Live.fixed(AuthConfig.ofSecret("q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA")),
            InstantSource.system());
    Contracts contracts = new Contracts(vertx);
    resilience = new Resilience(vertx, "node-1");
    clients =
        new ServiceClients(
            vertx,
            contracts,
            new InstancePools(registry),
            tokens,
            resilience,
            () -> Map.of(NAME, config()));
    store =
        await(
            ServiceStore.open(
                vertx, new DatabaseConfig(directory), NAME, kept -> Future.succeededFuture()));
    Operations operations =
        new Operations()
            .on(
                "makeThing",
                call -> {
                  made.incrementAndGet();
                  deadlines.add(WorkDeadline.current());
                  return makeThing.handle(call);
                })
            .on(
                "getThing",
                call -> {
                  deadlines.add(WorkDeadline.current());
                  return getThing.handle(call);
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
    return new ServiceConfig(
        NAME,
        "127.0.0.1",
        0,
        transport,
        Duration.ofSeconds(10),
        Advertised.at("127.0.0.1"),
        GuardConfig.DEFAULT,
        retry);
  }

  private static ServiceRequest make() {
    return ServiceRequest.to(NAME, "makeThing", "r-1").body(thing());
  }

  private static JsonObject thing() {
    return new JsonObject()
        .put("name", "thing")
        .put("items", new JsonArray().add(new JsonObject().put("quantity", 1)));
  }

  private static ProblemException away() {
    return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Not now.");
  }

  /** A POST with so much time left, as the gateway sends it or the bus carries it. */
  private int post(String millis) {
    if (transport == Transport.EVENT_BUS) {
      JsonObject envelope =
          new JsonObject()
              .put("operation", "makeThing")
              .put("body", thing())
              .put("timeout_ms", Long.valueOf(millis));
      return await(vertx.eventBus().<JsonObject>request("stoa.service." + NAME, envelope))
          .body()
          .getInteger("status");
    }
    return await(
            web.post(endpoint.port(), "127.0.0.1", "/things")
                .putHeader(Deadline.HEADER, millis)
                .sendJsonObject(thing()))
        .statusCode();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whatComesTooLateIsRefused(Transport over) {
    transport = over;

    assertEquals(504, post("0"));
    assertEquals(0, made.get());
    assertEquals(200, post("60000"));
    assertEquals(1, made.get());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void workThatHasNotBegunInTimeIsNotDone(Transport over) {
    transport = over;
    makeThing =
        call ->
            vertx
                .timer(300, TimeUnit.MILLISECONDS)
                .compose(waited -> store.database().run(INSERT, "i1", "late"))
                .map(Reply.noContent());

    assertEquals(504, post("100"));
    assertTrue(await(store.database().read("SELECT * FROM items")).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void callsOnBehalfOfARequestHaveTheTimeThatItHas(Transport over) {
    transport = over;
    makeThing =
        call -> clients.call(ServiceRequest.to(NAME, "getThing", call.requestId()).path("id", "1"));

    assertEquals(200, post("3000"));

    long first = deadlines.get(0).orElseThrow();
    long second = deadlines.get(1).orElseThrow();
    assertTrue(second - first < TimeUnit.SECONDS.toNanos(1), "not ten seconds anew");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void onlyWhatMayBeDoneTwiceIsTriedTwice(Transport over) {
    transport = over;
    AtomicInteger got = new AtomicInteger();
    getThing =
        call ->
            got.incrementAndGet() == 1
                ? Future.failedFuture(away())
                : Future.succeededFuture(Reply.ok(new JsonObject()));
    makeThing = call -> Future.failedFuture(away());

    Reply reply = await(clients.call(ServiceRequest.to(NAME, "getThing", "r").path("id", "1")));
    ProblemException once = failure(clients.call(make()));
    int unkeyed = made.get();
    ProblemException often = failure(clients.call(make().idempotencyKey("k-1")));

    assertEquals(200, reply.status());
    assertEquals(2, got.get());
    assertEquals(ProblemType.SERVICE_UNAVAILABLE, once.type());
    assertEquals(1, unkeyed);
    assertEquals(ProblemType.SERVICE_UNAVAILABLE, often.type());
    assertEquals(1 + 3, made.get());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aServiceThatKeepsFailingIsLeftAlone(Transport over) {
    transport = over;
    retry = RetryPolicy.NEVER;
    makeThing = call -> Future.failedFuture(away());

    for (int i = 0; i < 5; i++) {
      failure(clients.call(make()));
    }
    GuardStatus status = statusOnceOpen();
    ProblemException refusal = failure(clients.call(make()));

    assertEquals(5, made.get());
    assertEquals(ProblemType.SERVICE_UNAVAILABLE, refusal.type());
    assertTrue(Integer.parseInt(refusal.headers().get("Retry-After")) > 30);
    assertEquals("calls of " + NAME, status.upstream());
    assertEquals(5, status.failures());
  }

  @Test
  void aServiceThatIsGoneIsTriedAgainInCaseItComesBack() {
    transport = Transport.EVENT_BUS;
    await(endpoint.stop());

    ProblemException problem = failure(clients.call(make()));

    assertEquals(ProblemType.SERVICE_UNAVAILABLE, problem.type());
    assertEquals(3, resilience.status().get(0).attempts());
    assertEquals(2, resilience.status().get(0).retries());
    assertEquals(0, resilience.status().get(0).running());
  }

  private GuardStatus statusOnceOpen() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (resilience.status().get(0).state() != BreakerState.OPEN) {
      assertTrue(System.nanoTime() < end, "open in time");
      Thread.onSpinWait();
    }
    return resilience.status().get(0);
  }

  private static ProblemException failure(Future<?> future) {
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS));
    return (ProblemException) failure.getCause();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
