package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigLayers;
import dev.stoa.config.ConfigReport;
import dev.stoa.config.ConfigWarning;
import dev.stoa.config.Configuration;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteLintTest {
  private static Vertx vertx;
  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    GatewayFixture.await(vertx.close());
  }

  @Test
  void acceptsTheRoutesWeShip() throws IOException {
    ConfigReport report = check(Files.readString(Path.of("conf/routes.yaml")));

    assertEquals(List.of(), report.errors());
    assertEquals(List.of(), report.warnings());
  }

  @Test
  void warnsOfWhatIsMostLikelyNotMeant() throws IOException {
    ConfigReport report =
        check(
            """
            routes:
              - {name: all, path: /api/*, target: "http://user-service"}
              - {name: read, path: /api/users/*, target: "http://user-service", methods: [GET]}
              - {name: login, path: /api/auth/login, target: "http://user-service", auth: none}
              - {name: typo, path: /typo/*, target: "http://user-servise"}
              - {name: dns, path: /dns/*, target: "http://api.example"}
            cors: {allowed_origins: "*"}
            """);

    assertEquals(List.of(), report.errors());
    List<String> warnings =
        report.warnings().stream().map(w -> w.path() + ": " + w.message()).toList();
    assertEquals(4, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).startsWith("cors.allowed_origins"), warnings::toString);
    assertTrue(
        warnings.get(1).contains("route read shadows route all: POST, PUT, PATCH, DELETE at"),
        warnings::toString);
    assertTrue(warnings.get(2).startsWith("routes[2].path: is never reached"), warnings::toString);
    assertTrue(warnings.get(3).startsWith("routes[3].target: user-servise"), warnings::toString);
  }

  @Test
  void knowsEveryKeyOfARoute() throws IOException {
    ConfigReport report =
        check(
            """
            routes:
              - name: a
                path: /a
                target: [{url: "http://a.example", weight: 2}]
                methods: [GET]
                auth: required
                roles: [admin]
                rate_limit: {limit: 1/second, burst: 2}
                strip_prefix: /a
                rewrite: {from: /b, to: /c}
                timeout: 1s
                headers: {X-A: b}
                max_body: 1kb
                retry: {max_retries: 1, base_delay: 1s, max_delay: 1s, backoff_factor: 2, jitter: 0.1}
                circuit_breaker: {failure_threshold: 1, recovery_timeout: 1s, failures: [connect]}
                load_balancer: random
                bulkhead: {max_concurrent: 1, max_queue: 1, max_wait: 1s}
                adaptive_limit: {algorithm: gradient, min_limit: 1, initial_limit: 1}
                retry_budget: {ratio: 0.1, floor: 1}
                deadline: 10s
                hedge: {delay: 100ms}
                fallback: {last_good: true, max_age: 1m, status: 200, content_type: a/b, body: x}
                target_: x
            """);

    assertEquals(
        List.of("routes[0].target_"), report.warnings().stream().map(ConfigWarning::path).toList());
  }

  @Test
  void warnsOfAttemptsThatDoNotFitTheDeadlineAndHedgesThatComeTooLate() throws IOException {
    ConfigReport report =
        check(
            """
            routes:
              - {name: a, path: /a, target: "http://a.example", timeout: 5s, deadline: 9s}
              - {name: b, path: /b, target: "http://a.example", timeout: 4s, deadline: 9s}
              - {name: c, path: /c, target: "http://a.example", timeout: 1s, hedge: {delay: 1s}}
            """);

    assertEquals(
        List.of("routes[0].deadline", "routes[2].hedge.delay"),
        report.warnings().stream().map(ConfigWarning::path).toList());
  }

  @Test
  void aNameThatIsListedOrThatARegistryMayKnowIsNotLeftToDns() throws IOException {
    String route =
        "routes: [{name: a, path: /a, target: 'http://ledger-service'}]\ndiscovery: {type: %s}\n";
    String listed = "{type: static, static: {services: {Ledger-Service: []}}}";

    assertEquals(1, warningsOfRoutes(route.formatted("static")));
    assertEquals(0, warningsOfRoutes(route.formatted("consul")));
    assertEquals(0, warningsOfRoutes(route.formatted("[static, eureka]")));
    assertEquals(0, warningsOfRoutes(route.replace("{type: %s}", "%s").formatted(listed)));
  }

  private long warningsOfRoutes(String text) throws IOException {
    return check(text).warnings().stream().filter(w -> w.path().startsWith("routes[")).count();
  }

  private ConfigReport check(String routes) throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("routes.yaml"), routes);
    return GatewayFixture.await(
        new Configuration<>(
                vertx,
                ConfigLayers.in(conf, "test"),
                folder.resolve("data"),
                new Configuration.Meaning<>(
                    GatewayConfig::from, (old, now) -> List.of(), path -> false))
            .check());
  }
}
