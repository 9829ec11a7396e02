package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.Eventually;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An event loop that comes back to more requests than it can do in time. */
class GatewayOverloadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CLIENTS = 304;
  private static final int ALWAYS_ADMITTED = 256; // the gateway is cold
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final String BODY = "{\"username\": \"ann\", \"password\": \"secret word\"}";
  private static final String LOGIN =
      """
      POST /api/auth/login HTTP/1.1
      Host: a
      Content-Type: application/json
      Content-Length: %d

      %s"""
          .replace("\n", "\r\n")
          .formatted(BODY.length(), BODY);
  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch allAsked = new CountDownLatch(1);
  private final List<Talk> clients = new ArrayList<>();
  private GatewayFixture gateway;

  @AfterEach
  void close() throws IOException {
    for (Talk client : clients) {
      client.close();
    }
    gateway.close();
  }

  @Test
  void turnsAwayWhatWaitsTooLongAndReadsThoseClientsNoMoreForAWhile() throws IOException {
    start("\"target\": \"20ms\", \"interval\": \"40ms\", \"rest\": \"2s\"");
    long began = System.nanoTime();

    askAtOnce();

    List<Talk> turnedAway = new ArrayList<>();
    for (Talk client : clients) {
      String head = client.head();
      if (head.startsWith("HTTP/1.1 503 ")) {
        assertTrue(head.contains("\r\nRetry-After: 2\r\n"), head);
        assertTrue(client.until("}").contains("/problems/overloaded"));
        turnedAway.add(client);
      }
    }
    assertEquals(CLIENTS - ALWAYS_ADMITTED, turnedAway.size());
    assertEquals(turnedAway.size(), gateway.connections.turnedAway());
    try (Talk other = Talk.to(gateway.port())) {
      assertTrue(other.say(HEALTH).head().startsWith("HTTP/1.1 200 "));
    }
    assertTrue(turnedAway.get(0).say(HEALTH).head().startsWith("HTTP/1.1 200 "));
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertTrue(waited >= 2_000, "read again after " + waited + " ms");
  }

  @Test
  void doesNotWhereItIsToldNotTo() throws IOException {
    start("\"enabled\": false, \"target\": \"20ms\", \"interval\": \"40ms\"");

    askAtOnce();

    for (Talk client : clients) {
      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
    }
  }

  /** While the loop is kept busy by one, all the others ask. */
  private void askAtOnce() throws IOException {
    Talk first = Talk.to(gateway.port());
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Talk.to(gateway.port()));
    }
    Eventually.within(PATIENCE, "all are in", () -> gateway.connections.open() == CLIENTS + 1);
    first.say(LOGIN);
    await(busy);
    for (Talk client : clients) {
      client.say(LOGIN);
    }
    allAsked.countDown();
    first.head();
    first.close();
  }

  private void start(String overload) {
    gateway =
        new GatewayFixture(
            """
            {"gateway": {"overload": {%s}}, "rate_limiting": {"login_limit": "10000/minute"},
             "routes": []}
            """
                .formatted(overload));
    gateway.services.set(
        request -> {
          busy.countDown();
          await(allAsked);
          long end = System.nanoTime() + WORK_NANOS;
          while (System.nanoTime() < end) {
            Thread.onSpinWait(); // the event loop does nothing else
          }
          return Future.succeededFuture(Reply.ok(user()));
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject user() {
    return new JsonObject()
        .put("user_id", "u1")
        .put("username", "ann")
        .put("roles", new JsonArray().add("customer"));
  }
}
