package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.service.Identity;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an upstream sees. */
class GatewayForwardingTest {
  private static final String ROUTES =
      """
      {"gateway": {"trusted_proxies": ["127.0.0.1"]},
       "routes": [
        {"name": "users", "path": "/api/users/*", "target": "http://user-service:9"},
        {"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM/v1/", "auth": "none",
         "strip_prefix": "/open", "rewrite": {"from": "/old", "to": "/new"},
         "headers": {"X-Team": "shop", "X-Remove": ""}},
        {"name": "shared", "path": "/shared/*", "auth": "none",
         "target": [{"url": "http://127.0.0.1:UPSTREAM/a", "weight": 2},
                    "http://127.0.0.1:UPSTREAM/b"]}]}
      """;
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(ROUTES);
    gateway.register("user-service");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void saysWhoCalls() throws IOException {
    String token =
        "Bearer "
            + gateway
                .tokens
                .issue(new Identity("u 1", "J\u00f6rg %", Set.of("admin", "customer")))
                .token();

    RawResponse response =
        gateway
            .get("/api/users/1?a=%2F")
            .token(token)
            .header("X-User-Id", "root")
            .header("x-user-roles", "root")
            .header("X_User_Id", "root")
            .header("X_USER-NAME", "root")
            .header("X-Request-Id", "r1")
            .send();

    assertEquals("/users/1?a=%2F", response.json().getString("uri"));
    assertEquals("u%201", response.sent("X-User-Id"));
    assertEquals("J%C3%B6rg%20%25", response.sent("X-User-Name"));
    assertEquals("admin,customer", response.sent("X-User-Roles"));
    assertNull(response.sent("X_User_Id"));
    assertNull(response.sent("X_USER-NAME"));
    assertEquals("r1", response.sent("X-Request-Id"));
    assertEquals("r1", response.header("X-Request-Id"));
    assertEquals(token, response.sent("Authorization"));
  }

  @Test
  void neverLetsClientsSayWhoTheyAre() throws IOException {
    RawResponse response =
        gateway
            .get("/open/x")
            .header("X-User-Id", "root")
            .header("X-User-Name", "root")
            .header("X-User-Roles", "admin")
            .header("Connection", "X-User-Id")
            .send();

    assertNull(response.sent("X-User-Id"));
    assertNull(response.sent("X-User-Name"));
    assertNull(response.sent("X-User-Roles"));
  }

  @Test
  void rewritesPathAndHeaders() throws IOException {
    RawResponse response =
        gateway.get("/open/old/1").header("X-Team", "mine").header("X-Remove", "x").send();

    assertEquals("/v1/new/1", response.json().getString("uri"));
    assertEquals("shop", response.sent("X-Team"));
    assertNull(response.sent("X-Remove"));
    assertEquals("/v1/caf%C3%A9", gateway.get("/open/caf%c3%a9").send().json().getString("uri"));
  }

  @Test
  void saysWhatItCutOffInFront() throws IOException {
    String token =
        "Bearer " + gateway.tokens.issue(new Identity("u", "ann", Set.of("customer"))).token();

    RawResponse cut = gateway.get("/api/users/1").token(token).send();
    RawResponse twice =
        gateway.get("/api/users/1").token(token).header("X-Forwarded-Prefix", "/shop").send();

    assertEquals("/api", cut.sent("X-Forwarded-Prefix"));
    assertEquals("/shop/api", twice.sent("X-Forwarded-Prefix"));
    assertNull(gateway.get("/shared/x").send().sent("X-Forwarded-Prefix"));
  }

  @Test
  void sharesRequestsByWeight() throws IOException {
    int first = 0;
    for (int i = 0; i < 9; i++) {
      String uri = gateway.get("/shared/x").send().json().getString("uri");
      first += uri.startsWith("/a/") ? 1 : 0;
    }

    assertEquals(6, first);
  }

  @Test
  void findsInstancesByNameAndPassesOverOneThatCannotBeReached() throws IOException {
    String id = "user-service-dead";
    GatewayFixture.await(
        gateway.registry.register(new ServiceInstance(id, "user-service", "127.0.0.1", 1)));

    int answered = 0;
    for (int i = 0; i < 6; i++) {
      RawResponse response = gateway.get("/api/users").token(gateway.bearer("u1")).send();
      answered += response.status() == 200 ? 1 : 0;
    }
    GatewayFixture.await(gateway.registry.deregister(id));

    assertEquals(6, answered);
  }

  @Test
  void continuesWhatATrustedProxySaid() throws IOException {
    RawResponse response = gateway.get("/open/x").header("X-Forwarded-For", "198.51.100.1").send();

    assertEquals("198.51.100.1, 127.0.0.1", response.sent("X-Forwarded-For"));
    assertTrue(response.sent("Forwarded").contains("for=127.0.0.1"));
  }
}
