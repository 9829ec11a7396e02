package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.idempotency.IdempotencyConfig;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** POSTs with a key to upstreams that know nothing of keys. */
class KeyedRequestsTest {
  private static final String ROUTES =
      """
      {"gateway": {"idle_timeout": "5s"},
       "cors": {"allowed_origins": ["https://shop.example"]},
       "rate_limiting": {"default_limit": "100000/minute", "burst_limit": 100000},
       "routes": [
        {"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none",
         "strip_prefix": "/open", "timeout": "1s", "max_body": "20kb"},
        {"name": "mine", "path": "/mine/*", "target": "http://127.0.0.1:UPSTREAM",
         "strip_prefix": "/mine"},
        {"name": "aware", "path": "/aware/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none",
         "strip_prefix": "/aware", "idempotency": "upstream"},
        {"name": "known", "path": "/known/*", "target": "http://known-service", "auth": "none",
         "strip_prefix": "/known"},
        {"name": "gone", "path": "/gone/*", "target": "http://127.0.0.1:9", "auth": "none"}]}
      """;

  private static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();
  private static final Map<String, CompletableFuture<Void>> HELD = new ConcurrentHashMap<>();
  private static GatewayFixture gateway;
  private final String key = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(ROUTES, KeyedRequestsTest::upstream);
    GatewayFixture.await(
        gateway.registry.register(
            ServiceInstance.of("known-service", "127.0.0.1", gateway.upstream)
                .withMetadata(Map.of("idempotency-key", "true"))));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    CALLS.clear();
    gateway.idempotency.set(IdempotencyConfig.DEFAULT);
  }

  /** Counts the calls of each path and does what the path says. */
  private static void upstream(HttpServerRequest request) {
    int call = CALLS.computeIfAbsent(request.path(), path -> new AtomicInteger()).incrementAndGet();
    String[] path = request.path().split("/");
    request
        .body()
        .onSuccess(
            body -> {
              request.response().putHeader("X-Call", Integer.toString(call));
              switch (path[1]) {
                case "status" ->
                    request.response().setStatusCode(Integer.parseInt(path[2])).end("call " + call);
                case "silent" -> {}
                case "broken" -> request.connection().close();
                case "large" -> request.response().end("x".repeat(Integer.parseInt(path[2])));
                case "lost" ->
                    request.response().setStatusCode(404).end("no such thing".repeat(1000));
                case "secret" ->
                    request.response().putHeader("Cache-Control", "private, no-store").end("token");
                case "cookie" ->
                    request.response().putHeader("Set-Cookie", "session=secret").end("in");
                case "held" -> HELD.get(path[2]).thenRun(() -> request.response().end("at last"));
                default -> {
                  request.response().headers().add("X-Two", "a").add("X-Two", "b");
                  request.response().end("call " + call);
                }
              }
            });
  }

  @Test
  void theAnswerIsKeptAndGivenAgain() throws IOException {
    RawResponse first = post("/open/things?a=1", "{\"a\": 1}").send();
    RawResponse second =
        post("/open/things?a=1", "{\"a\": 1}").header("Origin", "https://shop.example").send();

    assertEquals(1, calls("/things"));
    assertEquals(200, second.status());
    assertEquals("call 1", second.body());
    assertEquals("a, b", second.header("X-Two"));
    assertEquals("1", second.header("X-Call"));
    assertNull(first.header("Idempotency-Replayed"));
    assertEquals("true", second.header("Idempotency-Replayed"));
    assertNotEquals(first.header("X-Request-Id"), second.header("X-Request-Id"));
    assertNull(first.header("Access-Control-Allow-Origin"));
    assertEquals("https://shop.example", second.header("Access-Control-Allow-Origin"));
  }

  @Test
  void withoutAKeyEachIsForwarded() throws IOException {
    for (int call = 1; call <= 2; call++) {
      assertEquals("call " + call, gateway.request("POST", "/open/plain").body("x").send().body());
    }
    gateway.request("PUT", "/open/plain").header("Idempotency-Key", key).body("x").send();
    gateway.request("PUT", "/open/plain").header("Idempotency-Key", key).body("x").send();

    assertEquals(4, calls("/plain"));
  }

  @Test
  void anotherRequestUnderTheSameKeyIsRefused() throws IOException {
    post("/open/reuse", "a").send();

    assertEquals("idempotency-key-reused", post("/open/reuse", "b").send().problem());
    assertEquals("idempotency-key-reused", post("/open/reuse2", "a").send().problem());
    assertEquals("idempotency-key-reused", post("/open/reuse?q", "a").send().problem());
    RawResponse other = post("/open/reuse", "a").header("Content-Type", "text/plain").send();
    assertEquals(422, other.status());
    assertEquals(1, calls("/reuse"));
    assertEquals(0, calls("/reuse2"));
  }

  @Test
  void ofManyCopiesAtOnceOneIsForwarded() {
    HELD.put(key, new CompletableFuture<>());
    List<CompletableFuture<RawResponse>> copies =
        IntStream.range(0, 10)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> sent("/open/held/" + key, "x")))
            .toList();
    until(() -> copies.stream().filter(CompletableFuture::isDone).count() == 9);

    HELD.get(key).complete(null);

    List<RawResponse> answers = copies.stream().map(CompletableFuture::join).toList();
    assertEquals(1, answers.stream().filter(answer -> answer.status() == 200).count());
    answers.stream()
        .filter(answer -> answer.status() != 200)
        .forEach(answer -> assertEquals("request-in-flight", answer.problem()));
    assertEquals("at last", sent("/open/held/" + key, "x").body());
    assertEquals(1, calls("/held/" + key));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 303, 400, 402, 422, 500, 502})
  void whatIsAResultIsKept(int status) throws IOException {
    String path = "/status/" + status;

    RawResponse first = post("/open" + path, "x").send();
    RawResponse second = post("/open" + path, "x").send();

    assertEquals(1, calls(path));
    assertEquals(status, second.status());
    assertEquals(first.body(), second.body());
    assertEquals("true", second.header("Idempotency-Replayed"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 409, 429, 503})
  void whatWasRefusedFreesTheKey(int status) throws IOException {
    String path = "/status/" + status;

    assertEquals(status, post("/open" + path, "x").send().status());
    assertEquals(status, post("/open" + path, "y").send().status());

    assertEquals(2, calls(path));
  }

  @Test
  void whatWasNeverSentFreesTheKey() throws IOException {
    for (int i = 0; i < 2; i++) {
      assertTrue(post("/gone/x", "x").send().status() >= 502);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "broken"})
  void whatMayHaveArrivedIsNotSentAgain(String upstream) throws IOException {
    gateway.idempotency.set(
        new IdempotencyConfig(Duration.ofHours(1), Duration.ofSeconds(1), 1000, 1 << 20, 64 << 10));
    int failure = post("/open/" + upstream, "x").send().status();

    until(() -> sent("/open/" + upstream, "x").problem().equals("outcome-unknown"));

    assertEquals(upstream.equals("silent") ? 504 : 502, failure);
    assertEquals(1, calls("/" + upstream));
  }

  @Test
  void anInterimAnswerIsNoResult() throws IOException {
    assertEquals(504, post("/open/status/102", "x").send().status());
    assertEquals(1, calls("/status/102"));
    assertEquals(409, post("/open/status/102", "x").send().status());
    assertEquals(1, calls("/status/102"));
  }

  @Test
  void aKeyBelongsToItsCallerWhateverTheToken() throws IOException {
    RawResponse anns = post("/mine/own", "x").token(gateway.bearer("ann")).send();
    RawResponse bobs = post("/mine/own", "x").token(gateway.bearer("bob")).send();
    RawResponse annsAgain = post("/mine/own", "x").token(gateway.bearer("ann")).send();

    assertEquals("call 1", anns.body());
    assertEquals("call 2", bobs.body());
    assertEquals("call 1", annsAgain.body());
    assertEquals(401, post("/mine/own", "x").send().status());
  }

  @Test
  void whoIsUnknownToTheGatewayNeedsTheSameCredentials() throws IOException {
    post("/open/basic", "x").header("Authorization", "Basic YW5uOmE=").send();

    RawResponse bobs = post("/open/basic", "x").header("Authorization", "Basic Ym9iOmI=").send();
    RawResponse annsAgain =
        post("/open/basic", "x").header("Authorization", "Basic YW5uOmE=").send();

    assertEquals("idempotency-key-reused", bobs.problem());
    assertEquals("call 1", annsAgain.body());
  }

  @Test
  void answersThatAreTooLargeOrSecretAreGivenOnceAndNotKept() throws IOException {
    gateway.idempotency.set(
        new IdempotencyConfig(Duration.ofHours(1), Duration.ofSeconds(9), 1000, 1 << 20, 1000));

    for (String path : List.of("/large/1001", "/large/1000000", "/secret")) {
      RawResponse first = post("/open" + path, "x", key + path).send();
      RawResponse second = post("/open" + path, "x", key + path).send();

      assertEquals(200, first.status());
      assertEquals(
          path.equals("/secret") ? 5 : Integer.parseInt(path.substring(7)), first.body().length());
      assertEquals("reply-not-kept", second.problem(), path);
      assertEquals(200, second.json().getInteger("first_status"));
      assertEquals(1, calls(path));
    }
    assertEquals(1000, post("/open/large/1000", "x").send().body().length());
    assertEquals("true", post("/open/large/1000", "x").send().header("Idempotency-Replayed"));
  }

  @Test
  void aLongRefusalFreesTheKeyToo() throws IOException {
    gateway.idempotency.set(
        new IdempotencyConfig(Duration.ofHours(1), Duration.ofSeconds(9), 1000, 1 << 20, 1000));

    assertEquals(13_000, post("/open/lost", "x").send().body().length());
    assertEquals(404, post("/open/lost", "y").send().status());

    assertEquals(2, calls("/lost"));
  }

  @Test
  void cookiesAreNotKept() throws Exception {
    assertEquals("session=secret", post("/open/cookie", "x").send().header("Set-Cookie"));

    RawResponse again = post("/open/cookie", "x").send();

    assertEquals("in", again.body());
    assertNull(again.header("Set-Cookie"));
    try (var files = Files.list(gateway.data)) {
      for (Path file : files.toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("session=secret"), file::toString);
      }
    }
  }

  @Test
  void bodiesAreBounded() throws IOException {
    assertEquals(
        "payload-too-large", post("/open/big", "x".repeat(20 * 1024 + 1)).send().problem());
    gateway.idempotency.set(
        new IdempotencyConfig(Duration.ofHours(1), Duration.ofSeconds(9), 1000, 10, 1000));
    assertEquals("payload-too-large", post("/open/big", "x".repeat(11)).send().problem());
    assertEquals(200, post("/open/big", "x".repeat(10)).send().status());
    assertEquals(1, calls("/big"));
  }

  @Test
  void chunkedBodiesAndNoBodiesAreTaken() throws IOException {
    for (String framing :
        List.of("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", "\r\n")) {
      String text =
          "POST /open/framed HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIdempotency-Key: "
              + key
              + framing.length()
              + "\r\n"
              + framing;
      RawResponse first = gateway.raw(text);
      RawResponse second = gateway.raw(text);

      assertEquals(200, first.status(), first::toString);
      assertEquals(first.body(), second.body());
      assertEquals("true", second.header("Idempotency-Replayed"));
    }
    assertEquals(2, calls("/framed"));
  }

  @Test
  void aClientThatGoesAwayFindsTheAnswerLater() throws Exception {
    HELD.put(key, new CompletableFuture<>());
    try (var socket = new java.net.Socket("127.0.0.1", gateway.port())) {
      String text =
          "POST /open/held/KEY HTTP/1.1\r\nHost: a\r\nIdempotency-Key: KEY\r\nContent-Length: 1\r\n\r\nx";
      socket.getOutputStream().write(text.replace("KEY", key).getBytes(StandardCharsets.US_ASCII));
      until(() -> calls("/held/" + key) == 1);
    }

    HELD.get(key).complete(null);

    until(() -> sent("/open/held/" + key, "x").body().equals("at last"));
    assertEquals(1, calls("/held/" + key));
  }

  @Test
  void badKeysAreNamed() throws IOException {
    for (String bad : List.of("a b", "x".repeat(256))) {
      RawResponse answer =
          gateway.request("POST", "/open/bad").header("Idempotency-Key", bad).body("x").send();
      assertEquals("invalid-input", answer.problem());
      assertEquals(
          "Idempotency-Key",
          answer.json().getJsonArray("errors").getJsonObject(0).getString("field"));
    }
    assertEquals(400, post("/open/bad", "x").header("Idempotency-Key", key).send().status());
    assertEquals(0, calls("/bad"));
  }

  @Test
  void upstreamsThatHeedKeysGetThemAll() throws IOException {
    for (String route : List.of("aware", "known")) {
      post("/" + route + "/told", "x").send();
      RawResponse again = post("/" + route + "/told", "x").send();
      assertNull(again.header("Idempotency-Replayed"));
    }

    assertEquals(4, calls("/told"));
  }

  private RawRequest post(String target, String body) {
    return post(target, body, key);
  }

  private static RawRequest post(String target, String body, String key) {
    return gateway.request("POST", target).header("Idempotency-Key", key).body(body);
  }

  private RawResponse sent(String target, String body) {
    try {
      return post(target, body).send();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int calls(String path) {
    AtomicInteger calls = CALLS.get(path);
    return calls == null ? 0 : calls.get();
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not so within 20 s");
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }
}
