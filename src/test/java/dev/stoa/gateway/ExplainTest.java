package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of a request beforehand is what becomes of it. */
final class ExplainTest {
  private static final String ROUTES =
      """
      {"cors": {"allowed_origins": ["https://shop.example"], "allowed_methods": ["GET", "POST"]},
       "rate_limiting": {"default_limit": "8/day", "burst_limit": 8, "failed_auth_limit": "40/day"},
       "gateway": {"trusted_proxies": ["127.0.0.1"]},
       "services": {"catalog": {}},
       "routes": [
        {"name": "users", "path": "/api/users/*", "target": "http://127.0.0.1:UPSTREAM",
         "methods": ["GET", "POST", "DELETE"], "rate_limit": "9/day"},
        {"name": "open", "path": "/api/open/*", "target": "http://127.0.0.1:UPSTREAM/base",
         "auth": "none", "max_body": "10", "rate_limit": "none",
         "rewrite": {"from": "/open/old", "to": "/new"}},
        {"name": "polite", "path": "/api/polite/*", "target": "http://127.0.0.1:UPSTREAM",
         "auth": "optional", "rate_limit": "6/day", "headers": {"X-Team": "secret sauce"}},
        {"name": "admins", "path": "/api/users/admins/*", "target": "http://127.0.0.1:UPSTREAM",
         "roles": ["admin", "auditor"]},
        {"name": "exact", "path": "/api/open/exact", "target": "http://127.0.0.1:UPSTREAM",
         "methods": ["GET"], "strip_prefix": false}]}
      """;

  private static final List<String> PATHS =
      List.of(
          "/api/users",
          "/api/users/1",
          "/api/users/1?x=%41",
          "/api/users/admins",
          "/api/userss",
          "/api/users/admins/7",
          "/api/open",
          "/api/open/old/7",
          "/api/open/exact",
          "/api/open/../x",
          "/api/open//x",
          "/api/open/%2e%2e/x",
          "/api/open/a%2Fb",
          "/api/polite/%7Ezeno",
          "/nowhere",
          "/api/catalog",
          "/api/catalog/items/3",
          "/api/catalog/auth/login",
          "/api/catalog/health",
          "/health",
          "/",
          "/api/admin/services",
          "/api/unknown-service/1",
          "no-slash");

  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "GET", "GET", "GET", "GET", "POST", "POST", "DELETE", "PATCH", "OPTIONS",
          "HEAD", "BREW");

  private final GatewayFixture fixture = new GatewayFixture(ROUTES);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatItSaysIsWhatBecomesOfTheRequest() throws IOException {
    fixture.register("catalog");
    List<String> tokens = tokens();
    Random random = new Random(7);
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      JsonObject question = question(random, tokens);

      JsonObject said = explain(question);
      RawResponse answer = ask(question);

      seen.merge(agree(said, answer, i + ": " + question + " " + said), 1, Integer::sum);
    }
    assertEquals(
        new TreeSet<>(
            List.of(
                "answered",
                "forwarded",
                "authentication",
                "authorization",
                "body",
                "cors",
                "endpoint",
                "rate_limit",
                "request",
                "route")),
        new TreeSet<>(seen.keySet()),
        seen::toString);
  }

  /** Answers the case that it was. */
  private static String agree(JsonObject said, RawResponse answer, String round) {
    String outcome = said.getString("outcome");
    JsonObject refusal = said.getJsonObject("refusal");
    if (outcome.equals("refused")) {
      assertEquals(refusal.getInteger("status"), answer.status(), round);
      if (!answer.body().isEmpty()) {
        assertEquals(refusal.getString("type"), answer.json().getString("type"), round);
        assertEquals(refusal.getString("detail"), answer.json().getString("detail"), round);
      }
      assertEquals(refusal.getString("retry-after"), answer.header("Retry-After"), round);
    } else if (outcome.equals("answered")) {
      int status = refusal == null ? answer.status() : refusal.getInteger("status");
      assertEquals(status, answer.status(), round);
      assertTrue(answer.status() < 300, round + answer);
    } else {
      assertEquals(200, answer.status(), round + answer);
      checkSent(said.getJsonObject("upstream").getJsonObject("sent"), answer, round);
    }
    if (said.containsKey("limit") && outcome.equals("forwarded")) {
      long left = said.getJsonObject("limit").getLong("left") - 1;
      assertTrue(answer.header("RateLimit").contains(";r=" + left + ";"), round + answer);
    }
    return refusal == null || outcome.equals("answered") ? outcome : refusal.getString("stage");
  }

  private static void checkSent(JsonObject sent, RawResponse answer, String round) {
    if (answer.body().isEmpty()) {
      return; // HEAD
    }
    assertTrue(sent.getString("url").endsWith(answer.json().getString("uri")), round + answer);
    for (String name : List.of("X-User-Id", "X-User-Name", "X-User-Roles", "X-Forwarded-Prefix")) {
      assertEquals(sent.getJsonObject("set_headers").getString(name), answer.sent(name), round);
    }
  }

  @Test
  void nothingIsTakenCountedOrSent() throws IOException {
    fixture.register("catalog");
    JsonObject question =
        new JsonObject()
            .put("path", "/api/users/1")
            .put("token", fixture.bearer("zeno", "customer").substring("Bearer ".length()));
    JsonObject bad = new JsonObject().put("path", "/api/users/1").put("token", "a.b.c");

    JsonObject first = explain(question);
    for (int i = 0; i < 100; i++) {
      explain(question);
      explain(bad);
    }

    assertEquals(first.getJsonObject("limit"), explain(question).getJsonObject("limit"));
    assertEquals(9, first.getJsonObject("limit").getInteger("left"));
    assertEquals("authentication", explain(bad).getJsonObject("refusal").getString("stage"));
    assertEquals(List.of(), fixture.resilience.status());
  }

  @Test
  void tellsWhyOtherRoutesLost() throws IOException {
    JsonObject said = explain(new JsonObject().put("path", "/api/users/admins/7"));

    JsonArray others = said.getJsonObject("route").getJsonArray("others");
    assertEquals("admins", said.getJsonObject("route").getString("name"));
    assertEquals(
        new JsonObject()
            .put("route", "users")
            .put("path", "/api/users/*")
            .put("reason", "a longer path decides: /api/users/admins/*"),
        others.getJsonObject(0));
    assertEquals("does not cover this path", others.getJsonObject(1).getString("reason"));
    assertEquals(4, others.size());
  }

  @Test
  void showsNeitherTokenNorSecretsOfHeaders() throws IOException {
    String token = fixture.bearer("zeno", "customer").substring("Bearer ".length());

    String said =
        explain(
                new JsonObject()
                    .put("path", "/api/polite/1?key=hunter2")
                    .put("token", token)
                    .put("headers", new JsonObject().put("Cookie", "session=hunter2")))
            .encode();

    assertFalse(said.contains(token), said);
    assertFalse(said.contains("secret sauce"), said);
  }

  @Test
  void tellsOfTheBreakerAndTheOrderOfInstances() throws IOException {
    fixture.register("catalog");
    String token = fixture.bearer("zeno");

    JsonObject before = explain(new JsonObject().put("path", "/api/catalog/1").put("token", token));
    fixture.get("/api/catalog/1").token(token).send();
    JsonObject after = explain(new JsonObject().put("path", "/api/catalog/1").put("token", token));

    JsonObject upstream = after.getJsonObject("upstream");
    assertTrue(before.getJsonObject("upstream").getJsonObject("breaker").getBoolean("unused"));
    assertEquals("closed", upstream.getJsonObject("breaker").getString("state"));
    JsonObject instance = upstream.getJsonArray("instances").getJsonObject(0);
    assertEquals("its turn is next", instance.getString("reason"));
    assertEquals("http://127.0.0.1:" + fixture.upstream, instance.getString("url"));
    assertEquals(30_000, upstream.getJsonObject("time").getInteger("timeout_ms"));
    assertEquals(1, upstream.getJsonObject("retry").getInteger("max_retries"));
  }

  @Test
  void tellsThatTheBreakerIsOpen() throws IOException {
    fixture.reload(
        """
        {"circuit_breaker": {"failure_threshold": 1},
         "routes": [{"name": "gone", "path": "/api/gone/*", "target": "http://127.0.0.1:1",
                     "auth": "none", "retry": {"max_retries": 0}}]}
        """);
    fixture.get("/api/gone/1").send();
    Eventually.within(
        Duration.ofSeconds(20), // the failure counts once it is answered
        "open",
        () -> isRefused("/api/gone/1"));

    JsonObject said = explain(new JsonObject().put("path", "/api/gone/1"));
    RawResponse answer = fixture.get("/api/gone/1").send();

    assertEquals("breaker", said.getJsonObject("refusal").getString("stage"));
    assertEquals(
        "open", said.getJsonObject("upstream").getJsonObject("breaker").getString("state"));
    assertEquals(said.getJsonObject("refusal").getInteger("status"), answer.status());
    assertEquals(
        said.getJsonObject("refusal").getString("detail"), answer.json().getString("detail"));
  }

  private boolean isRefused(String path) {
    try {
      return explain(new JsonObject().put("path", path)).containsKey("refusal");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void asksForAnAdminAndForAQuestionThatIsOne() throws IOException {
    RawResponse customer =
        fixture.request("POST", ExplainEndpoint.PATH).token(fixture.bearer("z")).json("{}").send();
    RawResponse nonsense =
        send(
            new JsonObject()
                .put("path", 7)
                .put("client", "not an address")
                .put("headers", new JsonObject().put("Content-Length", "many"))
                .put("what", 1));

    assertEquals(403, customer.status());
    assertEquals(400, nonsense.status());
    assertEquals(
        List.of("client", "headers.Content-Length", "path", "what"),
        nonsense.json().getJsonArray("errors").stream()
            .map(error -> ((JsonObject) error).getString("field"))
            .distinct()
            .sorted()
            .toList());
  }

  private List<String> tokens() {
    String good = fixture.bearer("zeno", "customer");
    String expired =
        fixture
            .tokens(java.time.Instant.now().minusSeconds(100_000))
            .issue(new dev.stoa.service.Identity("old", "old", java.util.Set.of("admin")))
            .token();
    List<String> tokens = new ArrayList<>();
    tokens.add(good);
    tokens.add(good);
    tokens.add(fixture.bearer("chrysippus", "customer", "auditor"));
    tokens.add(fixture.bearer("root", "admin"));
    tokens.add("Bearer " + expired);
    tokens.add("Bearer nonsense");
    tokens.add(good + "x");
    tokens.add(null);
    tokens.add(null);
    return tokens;
  }

  private static JsonObject question(Random random, List<String> tokens) {
    JsonObject headers = new JsonObject();
    if (random.nextInt(4) == 0) {
      headers.put("Origin", any(random, List.of("https://shop.example", "https://evil.example")));
    }
    boolean preflight = headers.containsKey("Origin") && random.nextBoolean();
    if (preflight) {
      headers.put("Access-Control-Request-Method", any(random, List.of("GET", "DELETE")));
    }
    if (random.nextInt(5) == 0) {
      headers.put("X-Forwarded-For", "10.0.0." + random.nextInt(3));
    }
    if (random.nextInt(40) == 0) {
      headers.put("Expect", "miracles");
    }
    if (random.nextInt(40) == 0) {
      headers.put("Idempotency-Key", new JsonArray().add("a").add("b"));
    }
    if (random.nextInt(4) == 0) {
      headers.put("Content-Length", Integer.toString(random.nextInt(20)));
    }
    JsonObject question =
        new JsonObject()
            .put("method", preflight ? "OPTIONS" : any(random, METHODS))
            .put("path", any(random, PATHS))
            .put("headers", headers);
    String token = any(random, tokens);
    return token == null ? question : question.put("token", token.substring("Bearer ".length()));
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private JsonObject explain(JsonObject question) throws IOException {
    RawResponse response = send(question);
    assertEquals(200, response.status(), response::body);
    return response.json();
  }

  private RawResponse send(JsonObject question) throws IOException {
    return fixture
        .request("POST", ExplainEndpoint.PATH)
        .token(fixture.bearer("root", "admin"))
        .json(question.encode())
        .send();
  }

  /** Sends it for good. */
  private RawResponse ask(JsonObject question) throws IOException {
    RawRequest request = fixture.request(question.getString("method"), question.getString("path"));
    if (question.containsKey("token")) {
      request.token("Bearer " + question.getString("token"));
    }
    JsonObject headers = question.getJsonObject("headers");
    for (String name : headers.fieldNames()) {
      Object value = headers.getValue(name);
      JsonArray values = value instanceof JsonArray list ? list : new JsonArray().add(value);
      for (Object one : values) {
        if (name.equals("Content-Length")) {
          request.body("x".repeat(Integer.parseInt(one.toString())));
        } else {
          request.header(name, one.toString());
        }
      }
    }
    return request.send();
  }
}
