package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.gateway.MoodyUpstream.Mood;
import dev.stoa.resilience.BreakerState;
import dev.stoa.resilience.Resilience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Breaker, fallbacks, places, hedges, deadlines and what is told of them. */
@Timeout(120)
class GatewayResilienceTest {
  private static final String USER = "/user/x";

  private final MoodyUpstream moody = new MoodyUpstream();
  private final String routes =
      """
      {"gateway": {"trusted_proxies": TRUSTED},
       "outlier_detection": {"enabled": false},
       "routes": [
        {"name": "plain", "path": "/plain/*", "target": "http://127.0.0.1:MOODY", "auth": "none",
         "rate_limit": "none", "strip_prefix": false},
        {"name": "brief", "path": "/brief/*", "target": "http://127.0.0.1:MOODY", "auth": "none",
         "rate_limit": "none", "strip_prefix": false, "retry": {"max_retries": 0},
         "circuit_breaker": {"failure_threshold": 2, "recovery_timeout": "100ms"}},
        {"name": "fixed", "path": "/fixed/*", "target": "http://127.0.0.1:MOODY", "auth": "none",
         "rate_limit": "none", "strip_prefix": false, "retry": {"max_retries": 0},
         "fallback": {"status": 203, "body": {"items": []}}},
        {"name": "user", "path": "/user/*", "target": "http://127.0.0.1:MOODY",
         "auth": "optional", "rate_limit": "none", "strip_prefix": false,
         "circuit_breaker": {"enabled": false},
         "retry": {"max_retries": 0}, "fallback": {"last_good": true}},
        {"name": "narrow", "path": "/narrow/*", "target": "http://127.0.0.1:MOODY", "auth": "none",
         "rate_limit": "none", "strip_prefix": false, "retry": {"max_retries": 0},
         "bulkhead": {"max_concurrent": 1, "max_queue": 1, "max_wait": "10s"}},
        {"name": "hedged", "path": "/hedged/*", "target": "http://pair:80", "auth": "none",
         "rate_limit": "none", "strip_prefix": false, "hedge": {"delay": "50ms"}}]}
      """
          .replace("MOODY", Integer.toString(moody.port()));
  private final GatewayFixture gateway = new GatewayFixture(routes.replace("TRUSTED", "[]"));

  GatewayResilienceTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    gateway.close();
    moody.close();
  }

  @Test
  void anUpstreamThatKeepsFailingIsLeftAlone() throws Exception {
    moody.always(Mood.BROKEN);
    for (int i = 0; i < 5; i++) {
      assertEquals(500, gateway.get("/plain/x").send().status());
    }
    await(() -> state("127.0.0.1:" + moody.port()) == BreakerState.OPEN);

    RawResponse response = gateway.get("/plain/x").send();

    assertEquals("503 service-unavailable", response.status() + " " + response.problem());
    int retryAfter = Integer.parseInt(response.header("Retry-After"));
    assertTrue(retryAfter > 30 && retryAfter <= 60, "Retry-After " + retryAfter);
    assertEquals(5, moody.requests().size());
  }

  @Test
  void oneThatRecoversIsUsedAgainAndAllOfItIsTold() throws Exception {
    BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
    GatewayFixture.await(
        gateway
            .vertx
            .eventBus()
            .<JsonObject>consumer(Resilience.BREAKER_EVENTS, event -> events.add(event.body()))
            .completion());
    moody.next(Mood.BROKEN, Mood.UNAVAILABLE);

    assertEquals(500, gateway.get("/brief/x").send().status());
    assertEquals(503, gateway.get("/brief/x").send().status());
    assertEquals("closed-open", change(events));
    assertEquals("open-half_open", change(events));
    assertEquals(200, gateway.get("/brief/x").send().status());
    assertEquals("half_open-closed", change(events));
    assertEquals(200, gateway.get("/brief/x").send().status());

    JsonObject told =
        gateway
            .get("/api/admin/resilience")
            .token(gateway.bearer("boss", "admin"))
            .send()
            .json()
            .getJsonArray("upstreams")
            .getJsonObject(0);
    assertEquals("127.0.0.1:" + moody.port() + " (route brief)", told.getString("upstream"));
    assertEquals("node-1", told.getString("node"));
    assertEquals("closed", told.getString("state"));
    assertEquals(2, told.getInteger("failures"));
    assertEquals(4, told.getInteger("attempts"));
    assertEquals(0, told.getInteger("running"));
    assertNotNull(told.getInstant("since"));
  }

  @Test
  void theStateIsForAdmins() throws IOException {
    assertEquals(401, gateway.get("/api/admin/resilience").send().status());
    assertEquals(
        403,
        gateway
            .get("/api/admin/resilience")
            .token(gateway.bearer("u1", "customer"))
            .send()
            .status());
  }

  @Test
  void aReloadReachesTheBreaker() throws Exception {
    moody.always(Mood.BROKEN);
    gateway.get("/plain/x").send();

    gateway.reload(
        """
        {"circuit_breaker": {"failure_threshold": 1},
         "routes": [{"name": "plain", "path": "/plain/*", "target": "http://127.0.0.1:MOODY",
           "auth": "none", "rate_limit": "none", "strip_prefix": false}]}
        """
            .replace("MOODY", Integer.toString(moody.port())));
    assertEquals(500, gateway.get("/plain/x").send().status());

    await(() -> state("127.0.0.1:" + moody.port()) == BreakerState.OPEN);
  }

  @Test
  void anUpstreamThatNoRouteLeadsToIsForgotten() throws IOException {
    gateway.get("/plain/x").send();
    gateway.get("/narrow/x").send();
    assertEquals(2, gateway.resilience.status().size());

    gateway.reload(
        """
        {"routes": [{"name": "plain", "path": "/plain/*", "target": "http://127.0.0.1:MOODY",
           "auth": "none", "rate_limit": "none", "strip_prefix": false}]}
        """
            .replace("MOODY", Integer.toString(moody.port())));
    gateway.resilience.forget(name -> !gateway.config.get().leadsTo(name));

    assertEquals(
        List.of("127.0.0.1:" + moody.port()),
        gateway.resilience.status().stream().map(status -> status.upstream()).toList());
  }

  @Test
  void aFixedAnswerStandsInForAFailingUpstream() throws IOException {
    for (Mood mood : List.of(Mood.RESETS, Mood.UNAVAILABLE, Mood.GARBAGE)) {
      moody.next(mood);
      RawResponse response = gateway.get("/fixed/x").send();

      assertEquals("203 {\"items\":[]}", response.status() + " " + response.body());
      assertEquals("application/json", response.header("Content-Type"));
    }
    moody.next(Mood.BROKEN);

    assertEquals(500, gateway.get("/fixed/x").send().status());
    assertEquals(200, gateway.get("/fixed/x").send().status());
  }

  @Test
  void theLastGoodAnswerIsOnlyForWhomItWasMade() throws IOException {
    moody.next(
        Mood.saying(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nof one"));
    String one = gateway.bearer("u1");
    assertEquals("of one", gateway.get(USER).token(one).send().body());
    moody.always(Mood.RESETS);

    RawResponse again = gateway.get(USER).token(one).send();
    assertEquals("200 of one", again.status() + " " + again.body());
    assertEquals("text/plain", again.header("Content-Type"));
    assertTrue(again.header("Cache-Status").startsWith("stoa; hit"), again.header("Cache-Status"));
    assertEquals(502, gateway.get(USER).token(gateway.bearer("u2")).send().status());
    assertEquals(502, gateway.get(USER).send().status());
    assertEquals(502, gateway.get(USER).header("Cookie", "session=1").send().status());
    assertEquals(502, gateway.get(USER + "?other").token(one).send().status());
    assertEquals(502, gateway.request("DELETE", USER).token(one).send().status());
  }

  @Test
  void aPublicAnswerIsForEverybodyAndASecretOneForNobody() throws IOException {
    String length = "Content-Length: 2\r\n\r\nhi";
    moody.next(Mood.saying("HTTP/1.1 200 OK\r\nCache-Control: public\r\n" + length));
    gateway.get("/user/public").token(gateway.bearer("u1")).send();
    for (String field :
        List.of("Cache-Control: no-store", "Set-Cookie: a=b", "Vary: *", "X: 1\r\nVary: Accept")) {
      moody.next(Mood.saying("HTTP/1.1 200 OK\r\n" + field + "\r\n" + length));
      gateway.get("/user/secret").header("Accept", "text/plain").send();
    }
    moody.always(Mood.RESETS);

    assertEquals("hi", gateway.get("/user/public").send().body());
    assertEquals("hi", gateway.get("/user/public").token(gateway.bearer("u2")).send().body());
    RawResponse fitting = gateway.get("/user/secret").header("Accept", "text/plain").send();
    assertEquals(200, fitting.status());
    assertEquals(502, gateway.get("/user/secret").header("Accept", "text/html").send().status());
  }

  @Test
  void whoFindsNoPlaceIsToldToComeBack() throws Exception {
    moody.next(Mood.HANGS);
    List<Talk> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Talk client = Talk.to(gateway.port());
      clients.add(client.say("GET /narrow/" + i + " HTTP/1.1\r\nHost: x\r\n\r\n"));
      int waiting = i;
      await(() -> moody.requests().size() == 1 && waiting() == waiting);
    }

    RawResponse response = gateway.get("/narrow/x").send();
    clients.get(0).close();

    assertEquals("503 overloaded", response.status() + " " + response.problem());
    assertEquals("1", response.header("Retry-After"));
    assertTrue(clients.get(1).head().startsWith("HTTP/1.1 200 "), "the one that waited");
    clients.get(1).close();
    await(() -> gateway.resilience.status().get(0).running() == 0);
  }

  @Test
  void aSilentInstanceIsHedged() throws Exception {
    try (MoodyUpstream other = new MoodyUpstream()) {
      for (int port : List.of(moody.port(), other.port())) {
        GatewayFixture.await(
            gateway.registry.register(ServiceInstance.of("pair", "127.0.0.1", port)));
      }
      moody.always(Mood.HANGS);

      for (int i = 0; i < 4; i++) {
        assertEquals(200, gateway.get("/hedged/" + i).send().status());
        assertEquals(1, other.count("GET /hedged/" + i + " "));
        assertTrue(moody.count("GET /hedged/" + i + " ") <= 1, "not hedged twice");
      }
      other.always(Mood.slow(300));
      moody.always(Mood.slow(300));
      assertEquals(200, gateway.request("POST", "/hedged/post").json("{}").send().status());

      assertEquals(1, moody.count("POST /hedged/post ") + other.count("POST /hedged/post "));
      assertTrue(moody.count("GET /hedged/") > 0, "it was asked, too");
    }
  }

  @Test
  void aTrustedCallersDeadlineHoldsAndExpiredWorkIsRefused() throws IOException {
    gateway.reload(routes.replace("TRUSTED", "[\"127.0.0.1\"]"));

    RawResponse late = gateway.get("/plain/x").header("X-Request-Timeout-Ms", "0").send();
    RawResponse intime = gateway.get("/plain/y").header("X-Request-Timeout-Ms", "5000").send();
    moody.next(Mood.HANGS);
    RawResponse cut = gateway.get("/plain/z").header("X-Request-Timeout-Ms", "200").send();

    assertEquals("504 deadline-exceeded", late.status() + " " + late.problem());
    assertEquals(200, intime.status());
    assertEquals("504 gateway-timeout", cut.status() + " " + cut.problem());
    assertEquals(0, moody.count("GET /plain/x "));
    String told =
        moody.requests().get(0).replaceAll("(?s).*X-Request-Timeout-Ms: ([0-9]+)\r\n.*", "$1");
    assertTrue(Integer.parseInt(told) <= 5000, told);
  }

  @Test
  void aTunnelHoldsNoPlace() throws Exception {
    moody.next(Mood.saying("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: gopher\r\n\r\n"));
    try (Talk client = Talk.to(gateway.port())) {
      client
          .say(
              "GET /narrow/t HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: gopher\r\n\r\n")
          .head();

      assertEquals(200, gateway.get("/narrow/x").send().status());
    }
  }

  @Test
  void whatTheUpstreamSaysIsNotKeptWhereNobodyFallsBackOnIt() throws IOException {
    assertEquals("well", gateway.get("/plain/x").send().body());
    moody.always(Mood.RESETS);

    RawResponse response = gateway.get("/plain/x").send();

    assertEquals(502, response.status());
    assertNull(response.header("Cache-Status"));
  }

  private int waiting() {
    return gateway.resilience.status().get(0).waiting();
  }

  private BreakerState state(String upstream) {
    return gateway.resilience.status().stream()
        .filter(status -> status.upstream().equals(upstream))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static String change(BlockingQueue<JsonObject> events) throws InterruptedException {
    JsonObject event = events.poll(20, TimeUnit.SECONDS);
    assertEquals("node-1", event.getString("node"));
    return event.getString("from") + "-" + event.getString("to");
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      Thread.onSpinWait();
    }
  }
}
