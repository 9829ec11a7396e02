package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayCorsTest {
  private static final String ROUTES =
      """
      {"cors": {"allowed_origins": ["https://shop.example", "HTTP://Localhost:3000"],
                "allowed_methods": ["GET", "PUT"], "allowed_headers": ["Authorization", "X-Mine"],
                "allow_credentials": true, "max_age": "5m"},
       "routes": [{"name": "users", "path": "/users/*", "target": "http://127.0.0.1:UPSTREAM"},
                  {"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM",
                   "auth": "none"}]}
      """;
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(ROUTES);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void answersPreflightsBeforeAuthentication() throws IOException {
    RawResponse response =
        preflight("https://shop.example", "PUT")
            .header("Access-Control-Request-Headers", "authorization, x-mine,content-type")
            .send();

    assertEquals(204, response.status());
    assertEquals("https://shop.example", response.header("Access-Control-Allow-Origin"));
    assertEquals("true", response.header("Access-Control-Allow-Credentials"));
    assertEquals("GET, PUT", response.header("Access-Control-Allow-Methods"));
    assertEquals(
        "authorization, x-mine,content-type", response.header("Access-Control-Allow-Headers"));
    assertEquals("300", response.header("Access-Control-Max-Age"));
    assertTrue(response.header("Vary").contains("Origin"));
    assertTrue(response.header("Vary").contains("Access-Control-Request-Headers"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://shop.example, GET",
    "https://shop.example:8443, GET",
    "https://shop.example.evil.example, GET",
    "https://evil.example/https://shop.example, GET",
    "null, GET",
    "https://shop.example, DELETE",
    "https://shop.example, get"
  })
  void refusesOtherPreflights(String origin, String method) throws IOException {
    RawResponse response = preflight(origin, method).send();

    assertEquals("403 forbidden", response.status() + " " + response.problem());
    assertNull(response.header("Access-Control-Allow-Methods"));
  }

  @Test
  void refusesPreflightsForOtherHeaders() throws IOException {
    RawResponse response =
        preflight("https://shop.example", "GET")
            .header("Access-Control-Request-Headers", "x-other")
            .send();

    assertEquals(403, response.status());
  }

  @Test
  void putsItsFieldsInThePlaceOfTheUpstreams() throws IOException {
    RawResponse response = gateway.get("/open/x").header("Origin", "http://localhost:3000").send();

    assertEquals("http://localhost:3000", response.header("Access-Control-Allow-Origin"));
    assertTrue(response.header("Access-Control-Expose-Headers").contains("Retry-After"));
    assertTrue(response.header("Vary").contains("Accept"), response.header("Vary"));
    assertTrue(response.header("Vary").contains("Origin"), response.header("Vary"));
  }

  @Test
  void givesOtherOriginsNothing() throws IOException {
    RawResponse other = gateway.get("/open/x").header("Origin", "https://evil.example").send();
    RawResponse none = gateway.get("/open/x").send();

    assertEquals(200, other.status());
    assertNull(other.header("Access-Control-Allow-Origin"));
    assertNull(other.header("Access-Control-Allow-Credentials"));
    assertNull(none.header("Access-Control-Allow-Origin"));
    assertTrue(none.header("Vary").contains("Origin"));
  }

  @Test
  void letsPagesReadRefusals() throws IOException {
    RawResponse response = gateway.get("/users/1").header("Origin", "https://shop.example").send();

    assertEquals(401, response.status());
    assertEquals("https://shop.example", response.header("Access-Control-Allow-Origin"));
  }

  @Test
  void letsAnyoneReadWhereTheStarSaysSo() throws IOException {
    try (GatewayFixture open =
        new GatewayFixture(
            ROUTES
                .replace("\"https://shop.example\", \"HTTP://Localhost:3000\"", "\"*\"")
                .replace("true", "false"))) {
      RawResponse response = open.get("/open/x").header("Origin", "null").send();

      assertEquals("*", response.header("Access-Control-Allow-Origin"));
      assertEquals("Accept", response.header("Vary"));
    }
  }

  @Test
  void leavesUpstreamsAloneWithoutASection() throws IOException {
    try (GatewayFixture without =
        new GatewayFixture(ROUTES.replaceFirst("(?s)\"cors\": .*?\"5m\"},", ""))) {
      RawResponse response = without.get("/open/x").header("Origin", "https://a.example").send();

      assertEquals("https://upstream.example", response.header("Access-Control-Allow-Origin"));
    }
  }

  private static RawRequest preflight(String origin, String method) {
    return gateway
        .request("OPTIONS", "/users/1")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", method);
  }
}
