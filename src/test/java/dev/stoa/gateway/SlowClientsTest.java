package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.stoa.e2e.Eventually;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Clients that take more than they give: slow heads, slow bodies, many connections. */
class SlowClientsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CROWD = 2_000;
  private static final String ROUTES =
      """
      {"gateway": {%s},
       "routes": [{"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM",
                   "auth": "none", "rate_limit": "none"}]}
      """;
  private static final String REQUEST = "GET /open/x HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String UPGRADE =
      "GET /open/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
  private static final String SMALL_BODY =
      "POST /open/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
  private static final String SLOW_HEAD = "GET /open/x HTTP/1.1\r\nHost: a\r\nX-A: ";
  private static final String SLOW_BODY =
      "POST /open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";

  private GatewayFixture gateway;

  private GatewayFixture start(String limits) {
    gateway = new GatewayFixture(ROUTES.formatted(limits));
    return gateway;
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aCrowdOfDrippersHarmsNobodyAndEnds() throws IOException {
    start("'header_timeout': '3s', 'max_connections_per_client': 0".replace('\'', '"'));
    List<Integer> answers = new ArrayList<>();

    try (Drippers heads = Drippers.connect(gateway.port(), CROWD / 2, SLOW_HEAD);
        Drippers bodies = Drippers.connect(gateway.port(), CROWD / 2, SLOW_BODY)) {
      Eventually.within(PATIENCE, "a crowd", () -> gateway.connections.open() > CROWD / 2);
      Eventually.within(
          PATIENCE,
          () -> heads.open() + " heads and " + bodies.open() + " bodies still drip",
          () -> {
            heads.drip();
            bodies.drip();
            answers.add(status());
            answers.add(status(SMALL_BODY));
            return heads.open() + bodies.open() == 0;
          });
    }

    assertTrue(answers.stream().allMatch(status -> status == 200), answers::toString);
    Eventually.within(PATIENCE, "nothing is left", () -> gateway.connections.open() == 0);
  }

  @Test
  void aHeadThatTakesTooLongIsAnsweredAndClosed() throws IOException {
    start("'http2': true, 'header_timeout': '1s'".replace('\'', '"'));

    try (Talk first = Talk.to(gateway.port()).say(SLOW_HEAD);
        Talk hardlyBegun = Talk.to(gateway.port()).say("P"); // or an HTTP/2 that does not go on
        Talk later = Talk.to(gateway.port()).say(REQUEST + SLOW_HEAD)) {
      String answer = first.rest();
      String answers = later.rest();

      assertTrue(hardlyBegun.rest().startsWith("HTTP/1.1 408 "));
      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertTrue(answer.contains("/problems/request-timeout"), answer);
      assertTrue(answers.startsWith("HTTP/1.1 200 ") && answers.contains(" 408 "), answers);
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws IOException {
    start("\"header_timeout\": \"1s\"");

    try (Talk silent = Talk.to(gateway.port())) {
      assertEquals("", silent.rest());
    }
  }

  @Test
  void aBodyBelowTheRateIsBrokenOffAndOneAboveItIsNot() throws Exception {
    start("\"header_timeout\": \"1s\", \"min_body_rate\": 1000");

    try (Talk steady = Talk.to(gateway.port());
        Drippers slow = Drippers.connect(gateway.port(), 1, SLOW_BODY)) {
      steady.say("POST /open/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      Eventually.within(
          PATIENCE,
          "the slow one is broken off",
          () -> {
            slow.drip();
            sayQuietly(steady, "3e8\r\n" + "x".repeat(1000) + "\r\n");
            return slow.open() == 0;
          });

      assertTrue(steady.say("0\r\n\r\n").head().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void incompleteBodiesBeyondTheBoundWaitForTheirTurn() throws IOException {
    AtomicInteger begun = new AtomicInteger();
    gateway =
        new GatewayFixture(
            ROUTES.formatted("\"max_open_bodies\": 1"),
            request -> {
              begun.incrementAndGet();
              request.body().onSuccess(body -> request.response().end());
            });
    String half = "POST /open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1";

    try (Talk first = Talk.to(gateway.port()).say(half)) {
      Eventually.within(PATIENCE, "the first is on its way", () -> begun.get() == 1);
      try (Talk second = Talk.to(gateway.port()).say(half)) {
        assertEquals(200, status()); // who has no body passes by
        assertEquals(2, begun.get());

        assertTrue(first.say("2").head().startsWith("HTTP/1.1 200 "));
        Eventually.within(PATIENCE, "it is the second's turn", () -> begun.get() == 3);
        assertTrue(second.say("2").head().startsWith("HTTP/1.1 200 "));
      }
    }
  }

  private static void sayQuietly(Talk talk, String text) {
    try {
      talk.say(text);
    } catch (IOException e) {
      throw new AssertionError("the steady one was broken off", e);
    }
  }

  private static void echo(HttpServerRequest request) {
    request.response().putHeader("Upgrade", "echo");
    request.toNetSocket().onSuccess(socket -> socket.handler(socket::write));
  }

  @Test
  void aTunnelMayBeQuiet() throws Exception {
    gateway =
        new GatewayFixture(ROUTES.formatted("\"header_timeout\": \"1s\""), SlowClientsTest::echo);

    try (Talk client = Talk.to(gateway.port());
        Talk silent = Talk.to(gateway.port())) {
      client.say(UPGRADE).head();
      silent.rest(); // by now a head would be overdue

      assertEquals("\0\0\n", client.say("\0\0\n").read(3));
    }
  }

  /** As soon as it has asked (RFC 9110, section 7.8); all of it is there, and in order. */
  @Test
  void aTunnelCarriesWhatCameWithTheRequestForIt() throws Exception {
    gateway = new GatewayFixture(ROUTES.formatted(""), SlowClientsTest::echo);
    String early = "\0\0\nGET / HTTP/9\r\n" + "early".repeat(20_000);

    try (Talk client = Talk.to(gateway.port())) {
      client.say(UPGRADE + early).say("and");

      client.head();
      assertEquals(early + "and", client.read(early.length() + 3));
      assertEquals("late", client.say("late").read(4));
    }
  }

  @Test
  void whatIsBehindARefusedUpgradeIsTheNextRequest() throws Exception {
    start("");
    String more = (REQUEST + UPGRADE).repeat(3);

    try (Talk client = Talk.to(gateway.port())) {
      client.say(REQUEST + UPGRADE + more + UPGRADE + "\0");

      for (int i = 0; i < 9; i++) {
        client.until("HTTP/1.1 200 OK\r\n");
      }
      assertTrue(client.rest().contains("HTTP/1.1 400 "));
    }
  }

  @Test
  void manyRequestsBehindARefusedUpgradeAreAllAnswered() throws Exception {
    start("");
    int many = 600; // more than the edge keeps unread

    try (Talk client = Talk.to(gateway.port())) {
      client.say(UPGRADE + REQUEST.repeat(many));

      for (int i = 0; i <= many; i++) {
        client.until("HTTP/1.1 200 OK\r\n");
      }
    }
  }

  /** Vert.x cannot tell a request that waits behind another of a broken connection. */
  @Test
  void aConnectionThatBreaksWithRequestsWaitingIsNothingToWriteDown() throws IOException {
    AtomicInteger begun = new AtomicInteger();
    gateway = new GatewayFixture(ROUTES.formatted(""), request -> begun.incrementAndGet());
    ListAppender<ILoggingEvent> complaints = new ListAppender<>();
    complaints.start();
    rootLogger().addAppender(complaints);

    try {
      for (int i = 1; i <= 5; i++) {
        int clients = i;
        Talk client = Talk.to(gateway.port()).say(REQUEST.repeat(i));
        Eventually.within(PATIENCE, "the first is on its way", () -> begun.get() == clients);
        client.reset();
        Eventually.within(PATIENCE, "it is gone", () -> gateway.connections.open() == 0);
      }
    } finally {
      rootLogger().detachAppender(complaints);
    }

    assertEquals(
        List.of(),
        List.copyOf(complaints.list).stream()
            .filter(event -> event.getLoggerName().startsWith("io.netty"))
            .map(ILoggingEvent::toString)
            .toList());
  }

  private static Logger rootLogger() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** Each answer is complete as far as the gateway is concerned, and none may wait for ever. */
  @Test
  void aClientThatTakesNothingOfItsAnswersIsCutOff() throws Exception {
    gateway =
        new GatewayFixture(
            ROUTES.formatted("'idle_timeout': '1s'".replace('\'', '"')),
            request -> request.response().end("x".repeat(16_000)));

    try (Talk client = Talk.narrow(gateway.port())) {
      client.say(REQUEST.repeat(800));

      Eventually.within(PATIENCE, "it is in", () -> gateway.connections.open() == 1);
      Eventually.within(PATIENCE, "it is cut off", () -> gateway.connections.open() == 0);
      client.untilReset();
    }
  }

  @Test
  void oneClientHasSoManyConnectionsAndNoMore() throws IOException {
    start("\"max_connections_per_client\": 2");

    Talk two = served();
    try (Talk one = served();
        Talk three = Talk.to(gateway.port())) {
      String refused = three.rest();

      assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
      assertTrue(refused.contains("Retry-After: 1\r\n"), refused);
      one.say(REQUEST).head();
      two.close();
      Eventually.within(PATIENCE, "a place is free", () -> status() == 200);
    }
  }

  @Test
  void aProxyOfOursIsNotOneClient() throws IOException {
    start("\"max_connections_per_client\": 1, \"trusted_proxies\": [\"127.0.0.1\"]");

    try (Talk one = served();
        Talk two = served()) {
      assertEquals(200, status());
      one.say(REQUEST).head();
      two.say(REQUEST).head();
    }
  }

  @Test
  void limitsAreReloaded() throws IOException {
    start("\"max_connections_per_client\": 1");

    try (Talk one = served()) {
      assertEquals(503, status());
      gateway.reload(ROUTES.formatted("\"max_connections_per_client\": 0"));
      assertEquals(200, status());
      one.say(REQUEST).head();
    }
  }

  @Test
  void whenItIsFullWhoSaysNothingMakesRoomForTheNext() throws IOException {
    start("\"max_connections\": 3");

    try (Talk one = served();
        Talk silent = Talk.to(gateway.port());
        Talk drips = Talk.to(gateway.port()).say(SLOW_HEAD)) {
      Eventually.within(PATIENCE, "all are in", () -> gateway.connections.open() == 3);
      Eventually.within(PATIENCE, "the silent one has gone", () -> status() == 200);

      assertEquals("", silent.rest());
      one.say(REQUEST).head();
      drips.say("b\r\n\r\n").head();
    }
  }

  @Test
  void whenItIsFullOfClientsThatWereServedTheNextIsRefused() throws IOException {
    start("\"max_connections\": 2");

    try (Talk one = served();
        Talk two = served()) {
      assertEquals(503, status());
      one.say(REQUEST).head();
      two.say(REQUEST).head();
    }
  }

  private Talk served() throws IOException {
    Talk talk = Talk.to(gateway.port());
    talk.say(REQUEST).until("\"body\":\"\"}");
    return talk;
  }

  private int status() {
    return status("GET /open/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  }

  private int status(String request) {
    try (Talk talk = Talk.to(gateway.port())) {
      talk.say(request);
      return Integer.parseInt(talk.rest().substring(9, 12));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
