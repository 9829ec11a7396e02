package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import dev.stoa.gateway.RouteConfig.Auth;
import dev.stoa.limits.Limit;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigTest {

  @Test
  void hasDefaults() {
    ConfigReader reader = ConfigReader.of(new JsonObject());

    GatewayConfig config = GatewayConfig.from(reader);

    assertEquals(List.of(), reader.errors());
    assertEquals("127.0.0.1:8000", config.host() + ":" + config.port());
    assertEquals(1L << 30, config.maxBody());
    assertEquals(new Limit(100, Duration.ofMinutes(1), 200), config.limits().standard());
    assertEquals(Limit.perMinute(20), config.limits().login());
    assertTrue(!config.cors().enabled());
  }

  @Test
  void readsARouteInFull() {
    RouteConfig route =
        read(
            """
            {"name": "users", "path": "/api/users/*", "methods": ["get", "POST"],
             "target": [{"url": "http://a:1/base/", "weight": 3}, "https://b"],
             "auth": "required", "roles": ["admin"],
             "rate_limit": {"limit": "10/second", "burst": 30},
             "strip_prefix": false, "rewrite": {"from": "/api/users", "to": "/people"},
             "timeout": "5s", "headers": {"X-Team": "shop"}, "max_body": "10mb",
             "retry": {"max_retries": 2}, "circuit_breaker": {"failure_threshold": 3},
             "load_balancer": "power_of_two", "bulkhead": {"max_concurrent": 10}}
            """);

    assertEquals(Set.of("GET", "POST"), Set.of(names(route)));
    assertEquals(
        List.of(new Target(false, "a", 1, "/base", 3), new Target(true, "b", 443, "", 1)),
        route.targets());
    assertEquals(Auth.REQUIRED, route.auth());
    assertEquals(Set.of("admin"), route.roles());
    assertEquals(Optional.of(new Limit(10, Duration.ofSeconds(1), 30)), route.limit());
    assertEquals("/people/1", route.rewrite().apply("/api/users/1"));
    assertEquals(Duration.ofSeconds(5), route.timeout());
    assertEquals("shop", route.headers().get("X-Team"));
    assertEquals(10L << 20, route.maxBody());
  }

  @Test
  void keepsOnceWhatRoutesHaveAlikeAndApartWhatTheyHaveNot() {
    List<RouteConfig> routes =
        GatewayConfig.from(
                reader(
                    """
                    {"name": "a", "path": "/a/*", "target": ["http://x:1", "http://y:2"],
                     "methods": ["GET"], "rate_limit": "7/second", "retry": {"max_retries": 2}},
                    {"name": "b", "path": "/b/*", "target": ["http://x:1", "http://y:2"],
                     "methods": ["GET"], "rate_limit": "7/second", "retry": {"max_retries": 2}},
                    {"name": "c", "path": "/c/*", "target": ["http://y:2", "http://x:1"],
                     "methods": ["PUT"], "rate_limit": "8/second", "retry": {"max_retries": 3}}
                    """))
            .routes()
            .routes();
    RouteConfig a = routes.get(0);
    RouteConfig b = routes.get(1);
    RouteConfig c = routes.get(2);

    assertSame(a.targets(), b.targets());
    assertSame(a.upstreams(), b.upstreams());
    assertSame(a.methods(), b.methods());
    assertSame(a.limit().orElseThrow(), b.limit().orElseThrow());
    assertSame(a.timeouts(), b.timeouts());
    assertSame(a.resilience().retry(), b.resilience().retry());
    assertSame(a.upstream(), b.upstream());
    assertEquals(2, c.targets().get(0).port());
    assertSame(a.targets().get(0), c.targets().get(1));
    assertEquals(3, c.resilience().retry().maxRetries());
    assertEquals(new Limit(8, Duration.ofSeconds(1), 8), c.limit().orElseThrow());
    assertEquals(Set.of("PUT"), Set.of(names(c)));
  }

  @Test
  void asksForATokenUnlessTold() {
    RouteConfig route =
        read("{'name': 'a', 'path': '/a', 'target': 'http://a'}".replace('\'', '"'));

    assertEquals(Auth.REQUIRED, route.auth());
    assertEquals("default", route.policy());
    assertEquals(200, route.limit().orElseThrow().burst());
    assertEquals("/x", route.rewrite().apply("/api/x"));
    assertTrue(route.methods().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name           | {'path': '/a', 'target': 'http://a'}",
        "name           | {'name': 'a b', 'path': '/a', 'target': 'http://a'}",
        "path           | {'name': 'a', 'target': 'http://a'}",
        "path           | {'name': 'a', 'path': 'a', 'target': 'http://a'}",
        "path           | {'name': 'a', 'path': '/a/*/b', 'target': 'http://a'}",
        "path           | {'name': 'a', 'path': '/a*', 'target': 'http://a'}",
        "path           | {'name': 'a', 'path': '/a/../b', 'target': 'http://a'}",
        "target         | {'name': 'a', 'path': '/a'}",
        "target         | {'name': 'a', 'path': '/a', 'target': 'a:80'}",
        "target         | {'name': 'a', 'path': '/a', 'target': []}",
        "target[1]      | {'name': 'a', 'path': '/a', 'target': ['http://a', 7]}",
        "target[0].url  | {'name': 'a', 'path': '/a', 'target': [{'weight': 1}]}",
        "target[0].weight | {'name': 'a', 'path': '/a', 'target': [{'url': 'http://a', 'weight': -1}]}",
        "target         | {'name': 'a', 'path': '/a', 'target': [{'url': 'http://a', 'weight': 0}]}",
        "methods[0]     | {'name': 'a', 'path': '/a', 'target': 'http://a', 'methods': ['FETCH']}",
        "methods        | {'name': 'a', 'path': '/a', 'target': 'http://a', 'methods': []}",
        "auth           | {'name': 'a', 'path': '/a', 'target': 'http://a', 'auth': 'maybe'}",
        "auth           | {'name': 'a', 'path': '/a', 'target': 'http://a', 'auth': 'none', 'roles': ['x']}",
        "rate_limit     | {'name': 'a', 'path': '/a', 'target': 'http://a', 'rate_limit': '100/week'}",
        "rate_limit     | {'name': 'a', 'path': '/a', 'target': 'http://a', 'rate_limit': 100}",
        "rate_limit.limit | {'name': 'a', 'path': '/a', 'target': 'http://a', 'rate_limit': {'burst': 1}}",
        "rate_limit.burst | {'name': 'a', 'path': '/a', 'target': 'http://a', 'rate_limit': {'limit': '1/day', 'burst': 0}}",
        "strip_prefix   | {'name': 'a', 'path': '/a', 'target': 'http://a', 'strip_prefix': 'api'}",
        "rewrite.from   | {'name': 'a', 'path': '/a', 'target': 'http://a', 'rewrite': {'from': '/a/*', 'to': '/b'}}",
        "timeout        | {'name': 'a', 'path': '/a', 'target': 'http://a', 'timeout': 'soon'}",
        "headers.Host   | {'name': 'a', 'path': '/a', 'target': 'http://a', 'headers': {'Host': 'x'}}",
        "headers.X-User-Id | {'name': 'a', 'path': '/a', 'target': 'http://a', 'headers': {'X-User-Id': 'x'}}",
        "load_balancer  | {'name': 'a', 'path': '/a', 'target': 'http://a', 'load_balancer': 'best'}",
        "retry.jitter   | {'name': 'a', 'path': '/a', 'target': 'http://a', 'retry': {'jitter': 3}}"
      })
  void namesWhatIsWrongWithARoute(String path, String route) {
    ConfigReader reader = reader(route.replace('\'', '"'));

    GatewayConfig.from(reader);

    assertEquals(
        List.of("routes[0]." + path), reader.errors().stream().map(ConfigError::path).toList());
  }

  @Test
  void refusesDuplicates() {
    ConfigReader reader =
        reader(
            """
            {"name": "a", "path": "/a", "target": "http://a"},
            {"name": "a", "path": "/b", "target": "http://a"},
            {"name": "c", "path": "/d/*", "target": "http://a", "methods": ["GET"]},
            {"name": "d", "path": "/d/*", "target": "http://a", "methods": ["POST"]},
            {"name": "e", "path": "/d/*", "target": "http://a", "methods": ["HEAD"]}
            """);

    GatewayConfig config = GatewayConfig.from(reader);

    assertEquals(
        List.of("routes[1].name", "routes[4].methods"),
        reader.errors().stream().map(ConfigError::path).toList());
    assertEquals(
        List.of("a", "c", "d"), config.routes().routes().stream().map(RouteConfig::name).toList());
  }

  @Test
  void namesWhatIsWrongElsewhere() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject(
                """
                {"gateway": {"trusted_proxies": ["10.0.0.0/99"], "connect_timeout": 0},
                 "rate_limiting": {"default_limit": "x", "login_limit": 5},
                 "cors": {"allowed_origins": ["shop.example"], "allowed_methods": ["LOOK"]}}
                """));

    GatewayConfig.from(reader);

    assertEquals(
        Set.of(
            "gateway.trusted_proxies[0]",
            "gateway.connect_timeout",
            "rate_limiting.default_limit",
            "rate_limiting.login_limit",
            "cors.allowed_origins[0]",
            "cors.allowed_methods[0]"),
        Set.copyOf(reader.errors().stream().map(ConfigError::path).toList()));
  }

  @Test
  void refusesCredentialsForEverybody() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject(
                "{\"cors\": {\"allowed_origins\": \"*\", \"allow_credentials\": true}}"));

    GatewayConfig.from(reader);

    assertEquals("cors.allow_credentials", reader.errors().get(0).path());
  }

  private static String[] names(RouteConfig route) {
    return route.methods().stream().map(Object::toString).toArray(String[]::new);
  }

  private static RouteConfig read(String route) {
    ConfigReader reader = reader(route);
    GatewayConfig config = GatewayConfig.from(reader);
    assertEquals(List.of(), reader.errors());
    return config.routes().routes().get(0);
  }

  private static ConfigReader reader(String routes) {
    return ConfigReader.of(new JsonObject().put("routes", new JsonArray("[" + routes + "]")));
  }
}
