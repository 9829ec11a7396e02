package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.gateway.RouteTable.Match;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  @Test
  void matchesWholeSegmentsOnly() {
    RouteTable table = table(route("users", "/api/users/*"));

    assertEquals("users", find(table, "GET", "/api/users"));
    assertEquals("users", find(table, "GET", "/api/users/"));
    assertEquals("users", find(table, "GET", "/api/users/1/orders"));
    assertInstanceOf(Match.Nothing.class, table.match(HttpMethod.GET, "/api/usersx"));
    assertInstanceOf(Match.Nothing.class, table.match(HttpMethod.GET, "/api"));
    assertInstanceOf(Match.Nothing.class, table.match(HttpMethod.GET, "/api/Users"));
  }

  @Test
  void prefersLongestPrefix() {
    RouteTable table =
        table(route("all", "/*"), route("api", "/api/*"), route("deep", "/api/users/1/*"));

    assertEquals("all", find(table, "GET", "/"));
    assertEquals("all", find(table, "GET", "/apix"));
    assertEquals("api", find(table, "GET", "/api/users"));
    assertEquals("api", find(table, "GET", "/api/users/10"));
    assertEquals("deep", find(table, "GET", "/api/users/1/x"));
  }

  @Test
  void prefersExactPathAndLeavesOtherMethodsToThePrefixOfTheSamePath() {
    RouteTable table =
        table(
            route("below", "/api/users/*", HttpMethod.GET),
            route("exact", "/api/users", HttpMethod.POST, HttpMethod.GET),
            route("register", "/api/items", HttpMethod.POST),
            route("items", "/api/items/*", HttpMethod.GET));

    assertEquals("exact", find(table, "GET", "/api/users"));
    assertEquals("below", find(table, "GET", "/api/users/"));
    assertEquals("register", find(table, "POST", "/api/items"));
    assertEquals("items", find(table, "GET", "/api/items"));
  }

  @Test
  void splitsOnePathByMethod() {
    RouteTable table =
        table(
            route("read", "/api/users/*", HttpMethod.GET),
            route("write", "/api/users/*", HttpMethod.POST, HttpMethod.PUT));

    assertEquals("read", find(table, "GET", "/api/users/1"));
    assertEquals("read", find(table, "HEAD", "/api/users/1"));
    assertEquals("write", find(table, "PUT", "/api/users/1"));
    Match.OtherMethods other =
        assertInstanceOf(Match.OtherMethods.class, table.match(HttpMethod.DELETE, "/api/users/1"));
    assertEquals("GET, HEAD, POST, PUT, OPTIONS", Methods.allow(other.allowed()));
  }

  @Test
  void neverOffersARefusedMethodToAShorterPath() {
    RouteTable table =
        table(route("api", "/api/*"), route("admin", "/api/admin/*", HttpMethod.GET));

    assertInstanceOf(Match.OtherMethods.class, table.match(HttpMethod.POST, "/api/admin/users"));
  }

  @Test
  void tellsSegmentsApartWhoseTextsHaveTheSameHash() {
    assertEquals("AaAa".hashCode(), "BBBB".hashCode());
    RouteTable table =
        table(route("one", "/AaAa/*"), route("two", "/AaBB/*"), route("three", "/BBAa/x"));

    assertEquals("one", find(table, "GET", "/AaAa"));
    assertEquals("two", find(table, "GET", "/AaBB/x"));
    assertEquals("three", find(table, "GET", "/BBAa/x"));
    assertEquals("nothing", seen(table.match(HttpMethod.GET, "/BBBB/x")));
  }

  @Test
  void findsEachOfThousands() {
    List<RouteConfig> routes = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      routes.add(route("r" + i, "/api/r" + i + (i % 3 == 0 ? "" : "/*")));
    }

    RouteTable table = new RouteTable(routes);

    for (int i = 0; i < 3_000; i++) {
      assertEquals("r" + i, find(table, "GET", "/api/r" + i));
      String below = seen(table.match(HttpMethod.GET, "/api/r" + i + "/x"));
      assertEquals(i % 3 == 0 ? "nothing" : "r" + i, below);
    }
    assertEquals("nothing", seen(table.match(HttpMethod.GET, "/api/r3000")));
    assertEquals("nothing", seen(table.match(HttpMethod.GET, "/api")));
  }

  @Test
  void agreesWithANaiveMatcher() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<RouteConfig> routes = randomRoutes(random);
      RouteTable table = new RouteTable(routes);
      for (int i = 0; i < 200; i++) {
        String path = randomPath(random) + (random.nextInt(4) == 0 ? "/" : "");
        HttpMethod method = random.nextBoolean() ? HttpMethod.GET : HttpMethod.POST;

        assertEquals(naive(routes, method, path), seen(table.match(method, path)), path);
      }
    }
  }

  private static String naive(List<RouteConfig> routes, HttpMethod method, String path) {
    List<RouteConfig> matching =
        routes.stream().filter(route -> route.path().matches(path)).toList();
    int longest =
        matching.stream().mapToInt(route -> route.path().path().length()).max().orElse(-1);
    List<RouteConfig> best =
        matching.stream()
            .filter(route -> route.path().path().length() == longest)
            .sorted(Comparator.comparing(route -> route.path().prefix()))
            .toList();
    return best.stream()
        .filter(route -> route.takes(method))
        .map(RouteConfig::name)
        .findFirst()
        .orElse(best.isEmpty() ? "nothing" : "other methods");
  }

  private static String seen(Match match) {
    if (match instanceof Match.Found found) {
      return found.route().config().name();
    }
    return match instanceof Match.Nothing ? "nothing" : "other methods";
  }

  private static List<RouteConfig> randomRoutes(Random random) {
    List<RouteConfig> routes = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      String path = randomPath(random) + (random.nextBoolean() ? "/*" : "");
      HttpMethod method = random.nextBoolean() ? HttpMethod.GET : HttpMethod.POST;
      if (taken.add(path + method)) {
        routes.add(route("route" + i, path, method));
      }
    }
    return routes;
  }

  private static String randomPath(Random random) {
    return random
        .ints(1 + random.nextInt(4), 0, 3)
        .mapToObj(i -> List.of("/a", "/b", "/ab").get(i))
        .collect(Collectors.joining());
  }

  private static String find(RouteTable table, String method, String path) {
    Match match = table.match(HttpMethod.valueOf(method), path);
    assertTrue(match instanceof Match.Found, () -> path + ": " + match);
    return ((Match.Found) match).route().config().name();
  }

  private static RouteTable table(RouteConfig... routes) {
    return new RouteTable(Arrays.asList(routes));
  }

  static RouteConfig route(String name, String path, HttpMethod... methods) {
    return new RouteConfig(
        name,
        PathPattern.parse(path).orElseThrow(),
        List.of(Target.service("any")),
        UpstreamPolicies.DEFAULT,
        "any",
        RouteResilience.DEFAULT,
        Set.of(methods),
        RouteConfig.Auth.NONE,
        Set.of(),
        Optional.empty(),
        name,
        PathRewrite.NONE,
        ProxyTarget.Timeouts.DEFAULT,
        Map.of(),
        Long.MAX_VALUE,
        RouteConfig.Keys.AUTO);
  }
}
