package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Reply;
import dev.stoa.service.ServiceRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginEndpointTest {
  private static final String JANE = "{\"username\": \"jane\", \"password\": \"right\"}";
  private static GatewayFixture gateway;
  private final List<ServiceRequest> asked = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture("{\"rate_limiting\": {\"login_limit\": \"1000/minute\"}}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void answerLikeUserService() {
    gateway.services.set(this::userService);
  }

  @Test
  void tradesAPasswordForAToken() throws IOException {
    RawResponse response = login(JANE);

    assertEquals(200, response.status());
    assertEquals("no-store", response.header("Cache-Control"));
    assertEquals("Bearer", response.json().getString("token_type"));
    assertEquals(3600, response.json().getInteger("expires_in"));
    assertEquals(
        new JsonObject()
            .put("user_id", "u1")
            .put("username", "jane")
            .put("roles", new JsonArray().add("customer")),
        response.json().getJsonObject("user"));
    String authorization = "Bearer " + response.json().getString("token");
    assertEquals("u1", gateway.tokens.verify(authorization).userId());
    assertEquals("user-service login", asked.get(0).service() + " " + asked.get(0).operationId());
  }

  @Test
  void refusesAWrongPassword() throws IOException {
    RawResponse response = login("{\"username\": \"jane\", \"password\": \"wrong\"}");

    assertEquals("401 bad-credentials", response.status() + " " + response.problem());
    assertEquals("Bearer", response.header("WWW-Authenticate"));
  }

  @Test
  void registers() throws IOException {
    RawResponse response = gateway.request("POST", "/api/auth/register").json(JANE).send();

    assertEquals(201, response.status());
    assertEquals("../users/u1", response.header("Location"));
    assertEquals("u1", response.json().getString("user_id"));
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVICE_UNAVAILABLE", "BAD_GATEWAY", "GATEWAY_TIMEOUT"})
  void saysWhenTheUserServiceIsAway(ProblemType type) throws IOException {
    gateway.services.set(request -> Future.failedFuture(new ProblemException(type, "inside")));

    RawResponse response = login(JANE);

    assertEquals("503 service-unavailable", response.status() + " " + response.problem());
    assertEquals("1", response.header("Retry-After"));
    assertTrue(!response.body().contains("inside"));
  }

  @Test
  void tellsABugNobodyButTheLog() throws IOException {
    gateway.services.set(
        request -> {
          throw new IllegalStateException("the inner workings");
        });

    RawResponse response = login(JANE);

    assertEquals("500 internal-error", response.status() + " " + response.problem());
    assertTrue(!response.body().contains("workings"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{} {}",
        "{\"a\":1,\"a\":2}",
        "{/* c */}",
        "{'a':1}",
        "{\"a\":NaN}",
        "username=jane"
      })
  void refusesWhatIsNoJsonObject(String body) throws IOException {
    RawResponse response = login(body);

    assertEquals("400 malformed-request", response.status() + " " + response.problem());
    assertEquals(List.of(), asked);
  }

  @Test
  void refusesOtherMediaTypesAndMethods() throws IOException {
    RawResponse form =
        gateway
            .request("POST", "/api/auth/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body("username=jane")
            .send();
    RawResponse none = gateway.request("POST", "/api/auth/login").body(JANE).send();
    RawResponse get = gateway.get("/api/auth/login").send();

    assertEquals("415 unsupported-media-type", form.status() + " " + form.problem());
    assertEquals(415, none.status());
    assertEquals(405, get.status());
    assertEquals("POST, OPTIONS", get.header("Allow"));
  }

  @Test
  void boundsTheBody() throws IOException {
    RawResponse response = login("{\"username\": \"" + "x".repeat(17_000) + "\"}");

    assertEquals("413 payload-too-large", response.status() + " " + response.problem());
  }

  @Test
  void limitsAttemptsOfAnAddress() throws IOException {
    try (GatewayFixture strict =
        new GatewayFixture("{\"rate_limiting\": {\"login_limit\": \"2/minute\"}}")) {
      strict.services.set(this::userService);
      for (int i = 0; i < 2; i++) {
        assertEquals(200, strict.request("POST", "/api/auth/login").json(JANE).send().status());
      }

      RawResponse third = strict.request("POST", "/api/auth/login").json(JANE).send();

      assertEquals("429 rate-limited", third.status() + " " + third.problem());
      assertTrue(Integer.parseInt(third.header("Retry-After")) >= 1);
      assertEquals(2, asked.size());
    }
  }

  @Test
  void reportsItsHealth() throws IOException {
    gateway.configuration.set(new JsonObject().put("stale", true).put("why", "conf/x.yaml:1"));

    RawResponse health = gateway.get("/health").send();
    RawResponse live = gateway.get("/health/live").send();

    assertEquals(200, health.status());
    assertEquals("healthy", health.json().getString("status"));
    assertEquals("conf/x.yaml:1", health.json().getJsonObject("configuration").getString("why"));
    assertEquals("healthy", live.json().getString("status"));
    assertNull(live.json().getValue("configuration"));

    gateway.stopping.set(true);
    assertEquals(503, gateway.get("/health/ready").send().status());
    assertEquals(200, gateway.get("/health/live").send().status());
    gateway.stopping.set(false);
    assertEquals(200, gateway.get("/").send().status());
  }

  private static RawResponse login(String body) throws IOException {
    return gateway.request("POST", "/api/auth/login").json(body).send();
  }

  private Future<Reply> userService(ServiceRequest request) {
    asked.add(request);
    JsonObject jane =
        new JsonObject()
            .put("user_id", "u1")
            .put("username", "jane")
            .put("roles", new JsonArray().add("customer"));
    if (request.operationId().equals("register")) {
      return Future.succeededFuture(new Reply(201, jane, Map.of("Location", "../users/u1")));
    }
    return "right".equals(request.body().getString("password"))
        ? Future.succeededFuture(Reply.ok(jane))
        : Future.failedFuture(new ProblemException(ProblemType.BAD_CREDENTIALS, "No."));
  }
}
