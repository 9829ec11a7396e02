package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayLimitsTest {
  private static final String ROUTES =
      """
      {"gateway": {"trusted_proxies": ["127.0.0.1"]},
       "rate_limiting": {"default_limit": "3/hour", "burst_limit": 4, "failed_auth_limit": "2/hour"},
       "routes": [
        {"name": "users", "path": "/users/*", "target": "http://127.0.0.1:UPSTREAM",
         "rate_limit": "2/hour"},
        {"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none"},
        {"name": "free", "path": "/free/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none",
         "rate_limit": "none"}]}
      """;
  private final GatewayFixture gateway = new GatewayFixture(ROUTES);

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void tellsWhatIsLeftAndThenRefuses() throws IOException {
    RawResponse first = user("u1");
    RawResponse second = user("u1");
    RawResponse third = user("u1");

    assertEquals("\"users\";q=2;w=3600", first.header("RateLimit-Policy"));
    assertEquals("\"users\";r=1;t=1800", first.header("RateLimit"));
    assertEquals("\"users\";r=0;t=3600", second.header("RateLimit"));
    assertEquals("429 rate-limited", third.status() + " " + third.problem());
    assertEquals("\"users\";r=0;t=3600", third.header("RateLimit"));
    assertTrue(third.header("Retry-After").matches("1800|1799"), third.header("Retry-After"));
  }

  @Test
  void countsUsersNotAddresses() throws IOException {
    user("u1");
    user("u1");

    assertEquals(429, user("u1").status());
    assertEquals(200, user("u2").status());
  }

  @Test
  void countsAddressesWhereNobodyIsKnown() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertEquals(200, open("198.51.100.1").status());
    }

    assertEquals(429, open("198.51.100.1").status());
    assertEquals(200, open("198.51.100.2").status());
    assertEquals("\"default\";q=4;w=4800", open("198.51.100.3").header("RateLimit-Policy"));
  }

  @Test
  void leavesRoutesUnlimitedThatSayNone() throws IOException {
    RawResponse response = gateway.get("/free/x").send();

    assertEquals("\"upstream\";r=1;t=1", response.header("RateLimit"));
    assertNull(response.header("RateLimit-Policy"));
  }

  @Test
  void countsFailedAuthentication() throws IOException {
    assertEquals(401, gateway.get("/users/1").send().status());
    assertEquals(401, gateway.get("/users/1").token("Bearer a.b").send().status());
    assertEquals(429, gateway.get("/users/1").token("Bearer a.b.c").send().status());

    assertEquals(200, user("u1").status());
  }

  @Test
  void surviveAReloadUnlessTheyChange() throws IOException {
    user("u1");
    user("u1");

    gateway.reload(ROUTES.replace("\"/open/*\"", "\"/other/*\""));
    assertEquals(429, user("u1").status());
    assertEquals(404, open("198.51.100.1").status());

    gateway.reload(
        ROUTES
            .replace("\"2/hour\"}", "\"5/hour\"}")
            .replace("\"rate_limit\": \"2/hour\"", "\"rate_limit\": \"5/hour\""));
    assertEquals(200, user("u1").status());
  }

  private RawResponse user(String id) throws IOException {
    return gateway.get("/users/1").token(gateway.bearer(id)).send();
  }

  private RawResponse open(String client) throws IOException {
    return gateway.get("/open/x").header("X-Forwarded-For", client).send();
  }
}
