package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.service.Identity;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayRefusalsTest {
  private static final String ROUTES =
      """
      {"gateway": {"connect_timeout": "1s"},
       "rate_limiting": {"failed_auth_limit": "1000/minute"},
       "routes": [
        {"name": "users", "path": "/api/users/*", "target": "http://127.0.0.1:UPSTREAM",
         "methods": ["GET", "POST"], "rate_limit": "1000/minute"},
        {"name": "admin", "path": "/api/admin/*", "target": "http://127.0.0.1:UPSTREAM",
         "roles": ["admin", "root"]},
        {"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none",
         "max_body": 1000},
        {"name": "maybe", "path": "/maybe/*", "target": "http://127.0.0.1:UPSTREAM",
         "auth": "optional"},
        {"name": "gone", "path": "/gone/*", "target": "http://gone-service", "auth": "none"},
        {"name": "dead", "path": "/dead/*", "target": "http://127.0.0.1:1", "auth": "none"},
        {"name": "nameless", "path": "/nameless/*", "target": "http://no-such-host.invalid",
         "auth": "none"},
        {"name": "slow", "path": "/slow/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none",
         "timeout": "200ms"},
        {"name": "evil", "path": "/evil/*", "target": "http://user-service", "auth": "none",
         "strip_prefix": "/evil"}]}
      """;
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(ROUTES);
    gateway.register("user-service");
    gateway.register("gone-service");
    GatewayFixture.await(gateway.registry.deregister("gone-service-127.0.0.1-" + gateway.upstream));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void tellsFourKindsOfBadTokensApart() throws IOException {
    String old =
        "Bearer "
            + gateway
                .tokens(Instant.now().minusSeconds(7200))
                .issue(new Identity("u", "u", Set.of()))
                .token();
    String good = gateway.bearer("u1", "customer");

    RawResponse missing = gateway.get("/api/users/1").send();
    RawResponse malformed = gateway.get("/api/users/1").token("Bearer x.y").send();
    RawResponse expired = gateway.get("/api/users/1").token(old).send();
    RawResponse invalid =
        gateway.get("/api/users/1").token(good.substring(0, good.length() - 5) + "AAAAA").send();

    assertEquals("401 missing-token", missing.status() + " " + missing.problem());
    assertEquals("401 malformed-token", malformed.status() + " " + malformed.problem());
    assertEquals("401 expired-token", expired.status() + " " + expired.problem());
    assertEquals("401 invalid-token", invalid.status() + " " + invalid.problem());
    assertTrue(missing.header("WWW-Authenticate").startsWith("Bearer"));
    assertTrue(expired.header("WWW-Authenticate").startsWith("Bearer"));
  }

  @Test
  void answersProblemsInFull() throws IOException {
    RawResponse response =
        gateway.get("/api/users/1?q=secret").header("X-Request-Id", "abc-1").send();

    assertEquals("abc-1", response.header("X-Request-Id"));
    assertEquals("abc-1", response.json().getString("request_id"));
    assertEquals("/api/users/1", response.json().getString("instance"));
    assertEquals(401, response.json().getInteger("status"));
    assertEquals(response.json().getString("title"), response.json().getString("error"));
    assertNotNull(response.json().getString("detail"));
    assertEquals("no-store", response.header("Cache-Control"));
  }

  @Test
  void makesAnIdWhereTheClientsIsNoGoodOne() throws IOException {
    String given = "x".repeat(65);

    String made =
        gateway.get("/nothing").header("X-Request-Id", given).send().header("X-Request-Id");

    assertTrue(made.matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*"), made);
  }

  @Test
  void wantsOneOfTheRoles() throws IOException {
    assertEquals(
        "forbidden",
        gateway.get("/api/admin/x").token(gateway.bearer("u1", "user")).send().problem());
    assertEquals(
        200, gateway.get("/api/admin/x").token(gateway.bearer("u1", "root")).send().status());
  }

  @Test
  void optionalMeansNoTokenOrAGoodOne() throws IOException {
    assertNull(gateway.get("/maybe/x").send().sent("X-User-Id"));
    assertEquals(
        "u1", gateway.get("/maybe/x").token(gateway.bearer("u1")).send().sent("X-User-Id"));
    assertEquals(
        "malformed-token", gateway.get("/maybe/x").token("Bearer nonsense").send().problem());
  }

  @Test
  void namesTheMethodsThatAPathTakes() throws IOException {
    RawResponse delete = gateway.request("DELETE", "/api/users/1").send();
    RawResponse trace = gateway.request("TRACE", "/open/x").send();

    assertEquals("405 method-not-allowed", delete.status() + " " + delete.problem());
    assertEquals("GET, HEAD, POST, OPTIONS", delete.header("Allow"));
    assertEquals(405, trace.status());
  }

  @Test
  void answersOptionsWithTheMethods() throws IOException {
    RawResponse response = gateway.request("OPTIONS", "/api/users/1").send();

    assertEquals(204, response.status());
    assertEquals("GET, HEAD, POST, OPTIONS", response.header("Allow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api", "/api/", "/api/usersx", "/nothing", "/api/nothing/1"})
  void knowsNoOtherRoutes(String path) throws IOException {
    RawResponse response = gateway.request("POST", path).send();

    assertTrue(path.equals("/") ? response.status() == 405 : response.status() == 404, path);
  }

  @ParameterizedTest
  @CsvSource({
    "/open/../api/users/1",
    "/open/%2e%2e/api/users/1",
    "/open/..;/api",
    "/open//x",
    "/open/a%2fb",
    "/open/a%5cb",
    "/open/a%00b",
    "/open/%zz",
    "http://gateway.test/open/x",
    "*",
    "open/x"
  })
  void refusesAmbiguousTargets(String target) throws IOException {
    RawResponse response = gateway.get(target).send();

    assertEquals("400 malformed-request", response.status() + " " + response.problem());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /open/x HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /open/x HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "GET /open/x HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
        "GET /open/x HTTP/1.1\r\nHost: user@a\r\nConnection: close\r\n\r\n",
        "GET /open/x HTTP/1.1\r\nHost: a\r\n: x\r\nConnection: close\r\n\r\n",
        "GET /open/x HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\nConnection: close\r\n\r\n",
        "POST /open/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        "POST /open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nxx",
        "GET /open/x HTTP/1.1\r\nHost : a\r\nConnection: close\r\n\r\n",
        "nonsense\r\n\r\n",
      })
  void refusesAmbiguousHeads(String head) throws IOException {
    RawResponse response = gateway.raw(head);

    assertEquals("400 malformed-request", response.status() + " " + response.problem());
  }

  @Test
  void boundsHeads() throws IOException {
    RawResponse line = gateway.get("/open/" + "x".repeat(8 * 1024)).send();
    RawResponse fields = gateway.get("/open/x").header("X", "x".repeat(17 * 1024)).send();

    assertEquals("414 uri-too-long", line.status() + " " + line.problem());
    assertEquals("431 headers-too-large", fields.status() + " " + fields.problem());
  }

  @Test
  void boundsBodies() throws IOException {
    RawResponse response = gateway.request("POST", "/open/x").body("x".repeat(1001)).send();

    assertEquals("413 payload-too-large", response.status() + " " + response.problem());
    assertEquals(200, gateway.request("POST", "/open/x").body("x".repeat(1000)).send().status());
  }

  @Test
  void readsOnABitWhenItRefusesABodyAndKeepsTheConnection() throws IOException {
    String body = "x".repeat(100_000);
    String refused =
        "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    String next = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    RawResponse both = gateway.raw(refused + next);

    assertEquals(404, both.status());
    assertTrue(both.body().contains("HTTP/1.1 200 OK"), both.body());
  }

  @Test
  void refusesBeforeTheBodyIsAskedFor() throws IOException {
    RawResponse response =
        gateway.raw(
            "POST /api/users HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

    assertEquals(401, response.status());
    assertEquals("close", response.header("Connection"));
  }

  @Test
  void tellsAMissingInstanceFromADeadOneAndASlowOne() throws IOException {
    RawResponse gone = gateway.get("/gone/x").send();
    RawResponse dead = gateway.get("/dead/x").send();

    assertEquals("503 service-unavailable", gone.status() + " " + gone.problem());
    assertEquals("1", gone.header("Retry-After"));
    assertTrue(dead.status() == 502 || dead.status() == 503, dead.toString());
  }

  @Test
  void asksAgainForAnAddressThatIsNotThereYetHoweverOften() throws IOException {
    for (int i = 0; i < 8; i++) {
      RawResponse response = gateway.get("/nameless/x").send();

      assertEquals("503 service-unavailable", response.status() + " " + response.problem());
      assertEquals("The upstream service has no address.", response.json().getString("detail"));
      assertEquals("1", response.header("Retry-After"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/user-service/auth/login",
        "/api/user-service/auth",
        "/api/user-service/AUTH/login",
        "/api/user-service/%61uth/login",
        "/api/user-service/auth;x=1/login",
        "/api/user-service/reservations/1",
        "/api/user-service/health",
        "/api/user-service/health/ready",
        "/api/user-service/metrics",
        "/api/user-service/metrics/",
        "/api/nobody/users",
        "/api/User-Service/users"
      })
  void neverOpensInternalPathsOfServices(String path) throws IOException {
    RawResponse response = gateway.get(path).token(gateway.bearer("u1", "admin")).send();

    assertEquals("404 service-not-found", response.status() + " " + response.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/evil/auth/login", "/evil/%61uth/login", "/evil/reservations"})
  void neitherDoesAConfiguredRoute(String path) throws IOException {
    assertEquals("route-not-found", gateway.get(path).send().problem());
    assertEquals(200, gateway.get("/evil/users").send().status());
  }

  @Test
  void reachesAnyServiceOfTheCatalogByItsName() throws IOException {
    RawResponse anonymous = gateway.get("/api/user-service/users/1").send();
    RawResponse response =
        gateway.get("/api/user-service/users/1?a=b").token(gateway.bearer("u1")).send();
    RawResponse root = gateway.get("/api/user-service").token(gateway.bearer("u1")).send();

    assertEquals("missing-token", anonymous.problem());
    assertEquals("/users/1?a=b", response.json().getString("uri"));
    assertEquals("/", root.json().getString("uri"));
    assertTrue(response.header("RateLimit-Policy").startsWith("\"default\""));
  }

  @Test
  void breaksNothingWithHead() throws IOException {
    RawResponse response = gateway.request("HEAD", "/nothing").send();

    assertEquals(404, response.status());
    assertEquals("", response.body());
  }
}
