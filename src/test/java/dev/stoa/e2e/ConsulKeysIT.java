package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.registries.ConsulAgent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways whose routes and limits are keys of a real Consul, which is killed and forgets. */
@ExtendWith(VertxExtension.class)
class ConsulKeysIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String LIMIT = "config/stoa/rate_limiting/burst_limit";
  private static final String ROUTES = "config/stoa/routes.yaml";
  private static final String TOKEN = "7a1d3c7e-0000-secret-token";

  @TempDir Path home;
  private final ConsulAgent consul = ConsulAgent.stopped();
  private Node one;
  private Node two;
  private HttpServer upstream;
  private Vertx vertx;

  /** A gateway and those who ask it. */
  private record Node(StoaSetup setup, StoaProcess process, Shop shop) implements AutoCloseable {
    JsonObject configuration() {
      return shop.visitor().get("/health").expect(200).json().getJsonObject("configuration");
    }

    Answer extra() {
      return shop.visitor().get("/api/extra/x");
    }

    void await(Predicate<Node> condition) {
      Eventually.within(
          SOON,
          () -> configuration() + " " + extra() + "\n" + process.output(),
          () -> condition.test(this));
    }

    void awaitLimit(int quota) {
      await(node -> node.policy().startsWith("\"default\";q=" + quota + ";"));
    }

    private String policy() {
      return String.valueOf(extra().header("RateLimit-Policy"));
    }

    void awaitStore(String status) {
      await(node -> node.configuration().getJsonObject("store").getString("status").equals(status));
    }

    @Override
    public void close() {
      shop.close();
      process.kill();
    }
  }

  @BeforeEach
  void open(Vertx given) throws Exception {
    vertx = given;
    upstream =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("here"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
  }

  @AfterEach
  void close() {
    for (Node node : new Node[] {one, two}) {
      if (node != null) {
        node.close();
      }
    }
    consul.close();
  }

  @Test
  void routesAndLimitsAreKeysOfConsul() {
    one = node("one");
    one.extra().expectProblem(404, "service-not-found");
    assertTrue(one.process.output().contains("the files alone are in force until it does"));
    consul.start();
    one.awaitStore("answering");

    changesAreLiveOnEveryNode();
    mistakesChangeNothing();
    deletionsFallBack();
    aConsulThatForgetsChangesNothing();
    neitherDoesAStartThen();
    for (Node node : List.of(one, two)) {
      assertFalse(node.process.output().contains(TOKEN));
    }
  }

  private void changesAreLiveOnEveryNode() {
    consul.put(ROUTES, routes());
    one.awaitLimit(100);
    two = node("two");
    two.extra().expect(200);
    consul.put(LIMIT, "7");
    for (Node node : List.of(one, two)) {
      node.awaitLimit(7);
    }
    assertEquals(digest(one), digest(two));
  }

  private void mistakesChangeNothing() {
    String before = one.configuration().getString("revision");
    consul.put(LIMIT, "often");
    for (Node node : List.of(one, two)) {
      node.await(stale -> stale.configuration().getString("status").equals("stale"));
      String errors = node.configuration().getJsonArray("errors").encode();
      assertTrue(errors.contains("consul-kv " + LIMIT + ": rate_limiting.burst_limit"), errors);
      node.awaitLimit(7);
    }
    assertEquals(before, one.configuration().getString("revision"));
    consul.put(LIMIT, "8");
    one.awaitLimit(8);
  }

  private void deletionsFallBack() {
    consul.delete(LIMIT);
    for (Node node : List.of(one, two)) {
      node.awaitLimit(100);
    }
    consul.put(LIMIT, "9");
    one.awaitLimit(9);
  }

  private void aConsulThatForgetsChangesNothing() {
    consul.kill();
    one.awaitStore("away");
    two.awaitStore("away");
    consul.start();
    one.awaitStore("empty");
    one.awaitLimit(9);
    assertEquals("current", one.configuration().getString("status"));
  }

  /** By what it said when it still knew. */
  private void neitherDoesAStartThen() {
    one.close();
    one = node(one.setup);
    one.awaitLimit(9);
    one.awaitStore("empty");
    StoaSetup.Outcome check = one.setup.command("check");
    assertEquals(0, check.exit(), check::toString);
    assertTrue(check.err().contains("warning: consul-kv config/stoa/: it has no keys"), check::err);
    assertEquals(
        9, new JsonObject(check.out()).getJsonObject("rate_limiting").getInteger("burst_limit"));
    assertFalse(check.toString().contains(TOKEN));

    consul.put(LIMIT, "10");
    consul.put(ROUTES, routes());
    one.awaitLimit(10);
    two.awaitLimit(10);
  }

  private String routes() {
    return "routes:\n  - {name: extra, path: /api/extra/*, auth: none, target: \"http://127.0.0.1:%d\"}\n"
        .formatted(upstream.actualPort());
  }

  /** Of the files and of what Consul says; the number before it counts what a node has seen. */
  private static String digest(Node node) {
    return node.configuration().getString("revision").replaceFirst("\\d+-", "");
  }

  private Node node(String name) {
    return node(
        StoaSetup.bare(home.resolve(name))
            .file(
                "config.yaml",
                """
                config: {consul: {enabled: true, start_timeout: 60s}}
                discovery: {consul: {host: 127.0.0.1, port: %d, token: %s}}
                rate_limiting: {default_limit: 1000/minute, burst_limit: 100}
                """
                    .formatted(consul.port(), TOKEN))
            .set("auth.jwt_secret", StoaSetup.SECRET)
            .option("--roles", "gateway"));
  }

  private Node node(StoaSetup setup) {
    return new Node(setup, setup.start(), new Shop(vertx, setup.ports().gateway()));
  }
}
