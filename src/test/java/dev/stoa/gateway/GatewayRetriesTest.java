package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stoa.discovery.ServiceInstance;
import dev.stoa.gateway.MoodyUpstream.Mood;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent again, and what is never. The upstream keeps everything that it was sent. */
@Timeout(120)
class GatewayRetriesTest {
  private final MoodyUpstream moody = new MoodyUpstream();
  private final GatewayFixture gateway =
      new GatewayFixture(
          """
          {"outlier_detection": {"enabled": false},
           "routes": [
            {"name": "once", "path": "/once/*", "target": "http://127.0.0.1:MOODY", "auth": "none",
             "rate_limit": "none", "strip_prefix": false, "timeout": "400ms", "deadline": "20s",
             "idempotency": "upstream", "retry": {"base_delay": "1ms"}},
            {"name": "often", "path": "/often/*", "target": "http://127.0.0.1:MOODY",
             "auth": "none", "rate_limit": "none", "strip_prefix": false,
             "circuit_breaker": {"enabled": false}, "retry_budget": {"ratio": 0.2, "floor": 10},
             "retry": {"max_retries": 3, "base_delay": "1ms", "max_delay": "5s"}},
            {"name": "short", "path": "/short/*", "target": "http://127.0.0.1:MOODY",
             "auth": "none", "rate_limit": "none", "strip_prefix": false, "deadline": "600ms",
             "circuit_breaker": {"enabled": false},
             "retry": {"max_retries": 9, "base_delay": "250ms", "max_delay": "5s", "jitter": 0}},
            {"name": "two", "path": "/two/*", "target": "http://pair:80", "auth": "none",
             "rate_limit": "none", "strip_prefix": false}]}
          """
              .replace("MOODY", Integer.toString(moody.port())));

  GatewayRetriesTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    gateway.close();
    moody.close();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments("hangs before the head", Mood.HANGS, 504),
        arguments("is too slow", Mood.slow(3_000), 504),
        arguments("resets", Mood.RESETS, 502),
        arguments("closes", Mood.CLOSES, 502),
        arguments("closes its half", Mood.HALF_CLOSES, 502),
        arguments("resets within the head", Mood.HALF_A_HEAD, 502),
        arguments("says garbage", Mood.GARBAGE, 502),
        arguments("is unavailable", Mood.UNAVAILABLE, 503));
  }

  @ParameterizedTest(name = "an upstream that {0}")
  @MethodSource("failures")
  void getsIdempotentRequestsTwiceAndOthersOnce(String name, Mood mood, int status)
      throws IOException {
    moody.next(mood);
    assertEquals(200, gateway.get("/once/get").send().status(), "GET");
    moody.next(mood);
    assertEquals(200, gateway.request("DELETE", "/once/delete").send().status(), "DELETE");
    moody.next(mood);
    RawResponse keyed =
        gateway.request("POST", "/once/key").header("Idempotency-Key", "k1").json("{}").send();
    assertEquals(200, keyed.status(), "POST with a key");
    moody.next(mood);
    assertEquals(status, gateway.request("POST", "/once/post").json("{}").send().status());
    moody.next(mood);
    assertEquals(status, gateway.request("POST", "/once/bare").body("").send().status());
    moody.next(mood);
    assertEquals(status, gateway.request("PUT", "/once/put").json("{}").send().status());
    moody.next(mood);
    assertEquals(status, gateway.request("PATCH", "/once/patch").body("").send().status());

    assertEquals(2, moody.count("GET /once/get "));
    assertEquals(2, moody.count("DELETE /once/delete "));
    assertEquals(2, moody.count("POST /once/key "));
    assertEquals(1, moody.count("POST /once/post "));
    assertEquals(1, moody.count("POST /once/bare "));
    assertEquals(1, moody.count("PUT /once/put "));
    assertEquals(1, moody.count("PATCH /once/patch "));
  }

  @Test
  void theAnswerToAKeyThatLeavesTheEndOpenIsTheClients() throws IOException {
    Mood open = Mood.saying("HTTP/1.1 504 Late\r\nContent-Length: 7\r\n\r\npending");
    moody.next(open);
    RawResponse keyed =
        gateway.request("POST", "/once/open").header("Idempotency-Key", "k2").json("{}").send();
    moody.next(open);
    RawResponse read = gateway.get("/once/open").send();

    assertEquals(504, keyed.status());
    assertEquals("pending", keyed.body());
    assertEquals(1, moody.count("POST /once/open "));
    assertEquals(200, read.status(), "GET");
  }

  @Test
  void nothingIsSentAgainOnceTheAnswerHasBegun() throws Exception {
    moody.next(Mood.HALF_A_BODY, Mood.HALF_A_BODY);
    gateway.reload(
        """
        {"gateway": {"idle_timeout": "300ms"},
         "routes": [{"name": "once", "path": "/once/*", "target": "http://127.0.0.1:MOODY",
           "auth": "none", "rate_limit": "none", "strip_prefix": false}]}
        """
            .replace("MOODY", Integer.toString(moody.port())));

    for (String request :
        List.of(
            "GET /once/half HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /once/half HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")) {
      try (Talk client = Talk.to(gateway.port())) {
        client.say(request).untilReset();
      }
    }

    assertEquals(1, moody.count("GET /once/half "));
    assertEquals(1, moody.count("POST /once/half "));
  }

  @Test
  void aFailedConnectionMovesAnyRequestToAnotherInstance() throws IOException {
    int nobody;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      nobody = taken.getLocalPort();
    }
    GatewayFixture.await(
        gateway.registry.register(ServiceInstance.of("pair", "127.0.0.1", nobody)));
    GatewayFixture.await(
        gateway.registry.register(ServiceInstance.of("pair", "127.0.0.1", moody.port())));

    for (int i = 0; i < 6; i++) {
      String path = "/two/" + i;
      assertEquals(200, gateway.request("POST", path).json("{\"n\": " + i + "}").send().status());
      assertEquals(1, moody.count("POST " + path + " "));
      assertEquals(1, moody.count("{\"n\": " + i + "}"));
    }
  }

  @Test
  void aSafeRequestGoesToAnotherInstanceFirst() throws IOException {
    try (MoodyUpstream other = new MoodyUpstream()) {
      moody.always(Mood.UNAVAILABLE);
      GatewayFixture.await(
          gateway.registry.register(ServiceInstance.of("pair", "127.0.0.1", moody.port())));
      GatewayFixture.await(
          gateway.registry.register(ServiceInstance.of("pair", "127.0.0.1", other.port())));

      for (int i = 0; i < 6; i++) {
        assertEquals(200, gateway.get("/two/" + i).send().status());
        assertEquals(1, other.count("GET /two/" + i + " "));
        assertTrue(moody.count("GET /two/" + i + " ") <= 1);
      }
    }
  }

  @Test
  void whatTheUpstreamAsksForIsWaited() throws IOException {
    moody.next(Mood.saying("HTTP/1.1 503 No\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nno"));

    long start = System.nanoTime();
    RawResponse response = gateway.get("/often/x").send();

    assertEquals(200, response.status());
    assertTrue(System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(1), "waited");
    assertEquals(2, moody.count("GET /often/x "));
  }

  @Test
  void nobodyWaitsLongerThanThePolicySays() throws IOException {
    moody.next(Mood.saying("HTTP/1.1 503 No\r\nRetry-After: 3600\r\nContent-Length: 2\r\n\r\nno"));

    RawResponse response = gateway.get("/often/x").send();

    assertEquals(
        "503 3600 no",
        response.status() + " " + response.header("Retry-After") + " " + response.body());
    assertEquals(1, moody.count("GET /often/x "));
  }

  @Test
  void theLastAnswerIsPassedOnAsItIs() throws IOException {
    moody.always(Mood.UNAVAILABLE);

    RawResponse response = gateway.get("/often/x").send();

    assertEquals("503 no", response.status() + " " + response.body());
    assertEquals(4, moody.count("GET /often/x "));
    assertNull(response.headers().get("content-type"));
  }

  @Test
  void answersThatMeanSomethingAreNotAskedForAgain() throws IOException {
    moody.always(Mood.BROKEN);

    assertEquals(500, gateway.get("/often/x").send().status());
    assertEquals(1, moody.count("GET /often/x "));
  }

  @Test
  void retriesNeverPassTheDeadline() throws IOException {
    moody.always(Mood.UNAVAILABLE);

    RawResponse response = gateway.get("/short/x").send();

    // At 0 and 250 ms; the next would be at 750 ms.
    assertEquals(503, response.status());
    assertTrue(moody.count("GET /short/x ") <= 2, moody.requests().toString());
  }

  @Test
  void retriesStayAShareOfTheRequests() throws IOException {
    moody.always(Mood.UNAVAILABLE);
    int requests = 200;
    long start = System.nanoTime();

    for (int i = 0; i < requests; i++) {
      assertEquals(503, gateway.get("/often/budget").send().status());
    }

    double seconds = (System.nanoTime() - start) / 1e9;
    double retries = moody.count("GET /often/budget ") - requests;
    assertTrue(retries >= requests * 0.2, "retries " + retries);
    assertTrue(retries <= requests * 0.2 + 10 * (seconds + 1) + 1, retries + " in " + seconds);
  }

  @Test
  void tellsTheUpstreamWhatIsLeftOfTheTime() throws IOException {
    String secret = "X-Request-Timeout-Ms: 77";
    gateway.get("/short/x").header("X-Request-Timeout-Ms", "77").send();

    String request = moody.requests().get(0);

    assertEquals(-1, request.indexOf(secret), "not what a stranger says");
    String told = request.replaceAll("(?s).*\r\nX-Request-Timeout-Ms: ([0-9]+)\r\n.*", "$1");
    assertNotEquals(request, told);
    assertTrue(Integer.parseInt(told) <= 600, told);
  }
}
