package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminListingsTest {
  private final GatewayFixture gateway =
      new GatewayFixture(
          """
          {"routes": [
            {"name": "shop", "path": "/shop/*", "target": "http://127.0.0.1:UPSTREAM",
             "auth": "none", "rate_limit": "3/hour", "methods": ["GET"], "timeout": "2s",
             "headers": {"X-Api-Key": "hush"}, "circuit_breaker": {"failure_threshold": 7},
             "fallback": {"last_good": true, "max_age": "1m"}}
          ]}""");

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aRouteIsListedWithItsPoliciesAndWhatTheyDoNow() throws Exception {
    gateway.register("parcels");
    for (int i = 0; i < 5; i++) {
      gateway.get("/shop/1").send();
    }

    JsonArray routes = get(RouteListing.PATH).getJsonArray("routes");

    JsonObject shop = routes.getJsonObject(0);
    assertEquals("/shop/*", shop.getString("path"));
    assertEquals("none", shop.getString("auth"));
    assertEquals(2000, shop.getLong("timeout_ms"));
    assertEquals(7, shop.getJsonObject("circuit_breaker").getInteger("failure_threshold"));
    assertEquals(60_000, shop.getJsonObject("fallback").getLong("last_good_ms"));
    assertEquals(3, shop.getInteger("let_pass"));
    assertEquals(2, shop.getInteger("refused"));
    assertEquals("closed", shop.getJsonObject("guard").getString("state"));
    assertEquals(1, shop.getJsonArray("destinations").getJsonObject(0).getInteger("instances"));
    assertEquals(new JsonArray().add("X-Api-Key"), shop.getJsonArray("headers"));
    assertFalse(routes.encode().contains("hush"), routes::encode);
    JsonObject parcels = routes.getJsonObject(1);
    assertTrue(parcels.getBoolean("generic"), parcels::encode);
    assertEquals("/api/parcels/*", parcels.getString("path"));
  }

  @Test
  void limitsAreListedWithThoseWhoAreNearestToOne() throws Exception {
    for (int i = 0; i < 4; i++) {
      gateway.get("/shop/1").send();
    }

    JsonObject limits = get(LimitListing.PATH);

    JsonObject shop =
        limits.getJsonArray("limits").stream()
            .map(JsonObject.class::cast)
            .filter(limit -> limit.getString("scope").equals("route:shop"))
            .findFirst()
            .orElseThrow();
    assertEquals(3, shop.getInteger("count"));
    assertEquals(3600, shop.getInteger("period_s"));
    assertEquals(1, shop.getInteger("refused"));
    JsonObject nearest = limits.getJsonArray("near").getJsonObject(0);
    assertEquals("address:127.0.0.1", nearest.getString("subject"));
    assertEquals(0, nearest.getInteger("left"));
    assertEquals("this", limits.getString("counted_by"));
  }

  private JsonObject get(String path) throws Exception {
    RawRequest request = gateway.get(path);
    RawResponse answer = request.header("Authorization", gateway.bearer("root", "admin")).send();
    assertEquals(200, answer.status(), answer::body);
    return new JsonObject(answer.body());
  }
}
