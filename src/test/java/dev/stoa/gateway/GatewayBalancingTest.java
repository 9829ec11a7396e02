package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstanceStatus;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.e2e.Eventually;
import dev.stoa.gateway.Backend.Mood;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several instances behind one gateway, over real sockets. */
class GatewayBalancingTest {
  private static final String SERVICE = "shop-service";

  private final List<Backend> backends = new ArrayList<>();
  private final GatewayFixture gateway = new GatewayFixture("{}");

  @AfterEach
  void stop() {
    gateway.close();
    backends.forEach(Backend::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"least_requests", "power_of_two"})
  void aSlowInstanceGetsLess(String strategy) {
    Backend slow = instance();
    instance();
    instance();
    slow.mood = Mood.SLOW;
    route("'load_balancer': '" + strategy + "'");

    Map<String, Integer> answers = load(12, 1_200).await();

    assertEquals(3, answers.size(), answers::toString);
    assertTrue(answers.get(slow.name()) < 200, answers::toString);
  }

  @Test
  void threeInstancesShareThirtyThousandRequestsInTurn() {
    for (int i = 0; i < 3; i++) {
      instance();
    }
    route("'load_balancer': 'round_robin'");

    Load load = load(32, 30_000);
    eventually(() -> load.total() == 30_000);
    load.await();

    assertEquals(0, load.failed());
    for (Backend backend : backends) {
      assertEquals(10_000, load.answers().get(backend.name()), 200);
      assertEquals(10_000, backend.requests.get(), 200);
    }
  }

  @Test
  void anInstanceKilledUnderLoadFailsNothingOnceItIsEjected() {
    Backend victim = instance();
    instance();
    instance();
    route("'load_balancer': 'round_robin'");
    Load load = load(8, 1_000_000);
    eventually(() -> load.total() > 500);

    victim.close();
    eventually(() -> status(victim).ejectedUntil().isPresent());
    int failed = load.failed();
    int total = load.total();
    eventually(() -> load.total() > total + 1_000);
    load.stop();

    assertEquals(failed, load.failed());
    assertTrue(failed <= 8, () -> failed + " failed");
    assertEquals(0, status(victim).inFlight());
  }

  @Test
  void manyRequestsThatFailWithOneInstanceDoNotOpenTheBreakerOfTheOthers() {
    Backend victim = instance();
    instance();
    instance();
    victim.mood = Mood.SILENT;
    route("'load_balancer': 'round_robin', 'retry': {'max_retries': 0}");
    Load load = load(20, 1_000_000);
    eventually(() -> victim.requests.get() == 20); // every client waits for it

    victim.close();
    eventually(() -> load.total() > 1_000);
    int failed = load.failed();
    int total = load.total();
    eventually(() -> load.total() > total + 500);
    load.stop();

    assertTrue(failed >= 20, () -> failed + " failed"); // those that waited
    assertEquals(failed, load.failed());
    assertTrue(failed < 30, () -> failed + " failed");
  }

  @Test
  void whatCouldNotBeSentGoesElsewhereWhateverTheMethod() throws IOException {
    instance();
    gateway.registry.register(ServiceInstance.of(SERVICE, "127.0.0.1", 1));
    route("'load_balancer': 'round_robin', 'outlier_detection': {'enabled': false}");

    for (int i = 0; i < 6; i++) {
      RawResponse response = gateway.request("POST", "/shop/x").body("two amphoras").send();
      assertEquals(200, response.status());
      assertEquals("two amphoras", response.header("X-Body"));
    }
  }

  @Test
  void whereNobodyCanBeReachedTheAnswerSaysSo() throws IOException {
    for (int port = 1; port <= 5; port++) {
      gateway.registry.register(ServiceInstance.of(SERVICE, "127.0.0.1", port));
    }
    route("'load_balancer': 'random'");

    RawResponse response = gateway.get("/shop/x").send();

    assertEquals("502 bad-gateway", response.status() + " " + response.problem());
    int failures = statuses().stream().mapToInt(status -> (int) status.failures()).sum();
    assertTrue(failures >= 1 && failures <= 5, () -> failures + " attempts");
  }

  @Test
  void anInstanceThatFailsWhileOthersDoNotIsLeftOutUntilItRecovers() throws IOException {
    Backend bad = instance();
    Backend good = instance();
    bad.mood = Mood.FAILING;
    route("'outlier_detection': {'consecutive_failures': 3, 'ejection_time': '1s'}");
    RawRequest listing = gateway.get("/api/admin/services").token(gateway.bearer("a", "admin"));

    for (int i = 0; i < 6; i++) {
      gateway.get("/shop/x").send();
    }
    assertTrue(status(bad).ejectedUntil().isPresent());
    JsonArray listed =
        listing.send().json().getJsonArray("services").getJsonObject(0).getJsonArray("instances");
    for (int i = 0; i < 2; i++) {
      JsonObject instance = listed.getJsonObject(i);
      boolean ejected = instance.getInteger("port") == bad.port();
      assertEquals(ejected, instance.containsKey("ejected_until"), instance::encode);
      assertEquals(ejected ? "5xx" : null, instance.getString("last_failure"));
    }
    bad.mood = Mood.WELL;
    eventually(() -> gets("/shop/x").equals(bad.name()));

    assertEquals(0, status(good).failures());
  }

  @Test
  void silenceAndRudenessCountAndImpatientClientsDoNot() throws Exception {
    Backend only = instance();
    only.mood = Mood.SILENT;
    route("'timeout': '150ms'");

    assertEquals(504, gateway.get("/shop/x").send().status());
    assertEquals(1, status(only).failures());
    only.mood = Mood.RUDE;
    assertEquals(502, gateway.get("/shop/x").send().status());
    assertNotEquals(1, status(only).failures());

    long failures = status(only).failures();
    only.mood = Mood.SILENT;
    route("'timeout': '30s'");
    int asked = only.requests.get();
    try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
      socket
          .getOutputStream()
          .write("GET /shop/x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      eventually(() -> only.requests.get() > asked);
    }
    eventually(() -> status(only).inFlight() == 0);
    assertEquals(failures, status(only).failures());
    assertEquals(0, status(only).successes());
  }

  @Test
  void aListOfAddressesIsBalancedLikeAService() throws IOException {
    Backend one = backend();
    Backend other = backend();
    String targets =
        "['http://127.0.0.1:%d/a', {'url': 'http://127.0.0.1:%d/b', 'weight': 3}, 'http://127.0.0.1:1']"
            .formatted(one.port(), other.port());
    reload("{'name': 'a', 'path': '/shop/*', 'auth': 'none', 'target': " + targets + "}");

    Map<String, Integer> uris = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      RawResponse response = gateway.get("/shop/x").send();
      assertEquals(200, response.status());
      uris.merge(response.body() + response.header("X-Uri"), 1, Integer::sum);
    }

    assertEquals(Set.of(one.name() + "/a/shop/x", other.name() + "/b/shop/x"), uris.keySet());
    assertTrue(uris.get(other.name() + "/b/shop/x") > 20, uris::toString);
    JsonObject listed =
        gateway
            .get("/api/admin/services")
            .token(gateway.bearer("a", "admin"))
            .send()
            .json()
            .getJsonArray("addresses")
            .getJsonObject(0);
    assertEquals("route:a", listed.getString("name"));
    assertEquals(3, listed.getJsonArray("instances").size());
  }

  @Test
  void aServiceAndAnAddressShareARouteByWeightAndStandInForEachOther() throws IOException {
    Backend canary = backend();
    Backend one = instance();
    Backend two = instance();
    String targets =
        "[{'url': 'http://%s', 'weight': 9}, {'url': 'http://127.0.0.1:%d', 'weight': 1}]"
            .formatted(SERVICE, canary.port());
    reload("{'name': 'a', 'path': '/shop/*', 'auth': 'none', 'target': " + targets + "}");

    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      answers.merge(gets("/shop/x"), 1, Integer::sum);
    }
    assertEquals(Map.of(canary.name(), 4, one.name(), 18, two.name(), 18), answers);

    gateway.registry.deregister(one.of(SERVICE).id());
    gateway.registry.deregister(two.of(SERVICE).id());
    for (int i = 0; i < 10; i++) {
      assertEquals(canary.name(), gets("/shop/x"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"header:X-Tenant", "cookie:session", "user", "client", "path"})
  void aKeyStaysWithItsInstance(String key) throws IOException {
    for (int i = 0; i < 4; i++) {
      instance();
    }
    reload(
        ("{'name': 'a', 'path': '/shop/*', 'auth': 'optional', 'target': 'http://%s',"
                + " 'load_balancer': {'strategy': 'consistent_hash', 'key': '%s'}}")
            .formatted(SERVICE, key));

    Set<String> homes = new HashSet<>();
    for (int who = 0; who < 12; who++) {
      Set<String> answers = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        answers.add(send(key, who, i));
      }
      assertEquals(1, answers.size(), answers::toString);
      homes.addAll(answers);
    }

    assertTrue(homes.size() > 1, homes::toString);
  }

  @Test
  void theStrategyOfARouteReloadsAndAServiceWithoutARouteHasItsOwn() throws IOException {
    Backend one = instance();
    Backend two = instance();
    String hash = "'load_balancer': {'strategy': 'consistent_hash'}";
    route(hash);
    assertEquals(1, answers("/shop/x", 8).size());

    route("'load_balancer': 'round_robin'");
    assertEquals(Set.of(one.name(), two.name()), answers("/shop/x", 8));

    gateway.reload("{'services': {'shop-service': {X}}}".replace("X", hash).replace('\'', '"'));
    assertEquals(1, answers("/api/shop-service/x", 8).size());
  }

  @Test
  void aRouteMayHaveItsInstancesChecked() {
    Backend well = backend();
    Backend ill = backend();
    ill.mood = Mood.FAILING;
    String targets =
        "['http://127.0.0.1:%d', 'http://127.0.0.1:%d']".formatted(well.port(), ill.port());
    reload(
        "{'name': 'a', 'path': '/shop/*', 'auth': 'none', 'target': "
            + targets
            + ", 'health_check': {'enabled': true, 'interval': '50ms', 'unhealthy_after': 2}}");
    HealthChecks checks =
        new HealthChecks(gateway.vertx, () -> gateway.config.get().checks(gateway.pools));

    checks.start();
    eventually(() -> !statuses().isEmpty());
    eventually(() -> status(ill).health() == InstanceStatus.Health.UNHEALTHY);
    Set<String> answers = answers("/shop/x", 6);
    GatewayFixture.await(checks.stop());

    assertEquals(Set.of(well.name()), answers);
  }

  private Backend backend() {
    Backend backend = new Backend();
    backends.add(backend);
    return backend;
  }

  private Backend instance() {
    Backend backend = backend();
    GatewayFixture.await(gateway.registry.register(backend.of(SERVICE)));
    return backend;
  }

  /** One open route to the service, with these keys besides. */
  private void route(String keys) {
    reload(
        "{'name': 'a', 'path': '/shop/*', 'auth': 'none', 'target': 'http://"
            + SERVICE
            + "', "
            + keys
            + "}");
  }

  private void reload(String route) {
    String unlimited = route.substring(0, route.length() - 1) + ", 'rate_limit': 'none'}";
    gateway.reload(
        ("{'gateway': {'trusted_proxies': ['127.0.0.1']}, 'routes': [" + unlimited + "]}")
            .replace('\'', '"'));
  }

  private Load load(int clients, int requests) {
    return new Load(gateway.vertx, gateway.port(), "/shop/x", clients, requests);
  }

  private String send(String key, int who, int i) throws IOException {
    String path = key.equals("path") ? "/shop/" + who : "/shop/x";
    RawRequest request =
        gateway.get(path + "?" + i).header("Cookie", "a=" + i + "; session=s" + who);
    request.header("X-Tenant", "t" + who);
    if (key.equals("user")) {
      request.token(gateway.bearer("u" + who));
    }
    if (key.equals("client")) {
      request.header("X-Forwarded-For", "198.51.100." + who);
    }
    return request.send().body();
  }

  private Set<String> answers(String path, int requests) {
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < requests; i++) {
      answers.add(gets(path));
    }
    return answers;
  }

  private String gets(String path) {
    try {
      return gateway.get(path).token(gateway.bearer("u1")).send().body();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<InstanceStatus> statuses() {
    return gateway.pools.all().stream().flatMap(pool -> pool.statuses().stream()).toList();
  }

  private InstanceStatus status(Backend backend) {
    return statuses().stream()
        .filter(status -> status.instance().port() == backend.port())
        .findFirst()
        .orElseThrow();
  }

  private static void eventually(BooleanSupplier condition) {
    Eventually.within(Duration.ofSeconds(60), "the state that was waited for", condition);
  }
}
