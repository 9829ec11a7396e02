package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all views for admins have in common. */
class AdminEndpointsTest {
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture("{}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {ServiceListing.PATH, ResilienceListing.PATH})
  void aViewIsForAdminsAndNobodyKeepsIt(String path) throws IOException {
    String admin = gateway.bearer("boss", "admin");

    RawResponse seen = gateway.get(path).token(admin).send();
    RawResponse head = gateway.request("HEAD", path).token(admin).send();
    RawResponse posted = gateway.request("POST", path).token(admin).json("{}").send();
    RawResponse refused = gateway.get(path).token(gateway.bearer("u1", "customer")).send();

    assertEquals(200, seen.status());
    assertFalse(seen.json().isEmpty());
    assertEquals("application/json", seen.header("Content-Type"));
    assertEquals("no-store", seen.header("Cache-Control"));
    assertEquals("200 ", head.status() + " " + head.body());
    assertEquals("no-store", head.header("Cache-Control"));
    assertEquals("method-not-allowed", posted.problem());
    assertEquals("GET, HEAD, OPTIONS", posted.header("Allow"));
    assertEquals("forbidden", refused.problem());
    assertEquals("missing-token", gateway.get(path).send().problem());
  }
}
