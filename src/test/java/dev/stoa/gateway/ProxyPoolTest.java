package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.upstream.PoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ProxyPoolTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Two connections to the upstream and one waiting request. */
  private final ProxyFixture proxy =
      new ProxyFixture(UpstreamClient.SETTINGS.withConnections(2).withWaiting(1));

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private void assertWorks() throws Exception {
    try (Talk client = proxy.client()) {
      client.say("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
      assertEquals("ok", client.read(2));
    }
  }

  /** Aborts in every way, a thousand times, on a pool of two. */
  @Test
  void abortedExchangesLeakNoConnections() throws Exception {
    proxy.scripted(
        up -> {
          while (true) {
            answer(up, up.head().split(" ")[1]);
          }
        });
    assertWorks(); // the first one takes longer than the time-outs allow
    proxy.timeouts =
        new ProxyTarget.Timeouts(
            ProxyFixture.LONG, Duration.ofMillis(50), Duration.ofMillis(50), Duration.ZERO);
    proxy.maxBody = 100;

    for (int i = 0; i < 1_000; i++) {
      abort(i);
    }

    assertWorks();
  }

  private static void answer(Talk up, String path) throws Exception {
    switch (path) {
      case "/ok" -> up.say(OK);
      case "/half" -> up.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      case "/early" -> up.say("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
      case "/close" -> up.close();
      case "/reset" -> up.reset();
      case "/garbage" -> up.say("garbage\r\n\r\n");
      case "/switch" -> up.say("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: gopher\r\n\r\n");
      default -> up.untilGone();
    }
  }

  private void abort(int i) throws Exception {
    String body = " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    try (Talk client = proxy.client()) {
      switch (i % 10) {
        case 0 -> {
          // Or a 504, where the machine was too busy for so short a time-out.
          if (client.say("GET /half HTTP/1.1\r\nHost: x\r\n\r\n").head().contains(" 200 ")) {
            client.until("half");
          }
        }
        case 1 -> client.say("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n");
        case 2 -> client.say("POST /early" + body).head();
        case 3 -> client.say("GET /close HTTP/1.1\r\nHost: x\r\n\r\n").head();
        case 4 -> client.say("POST /reset" + body).head();
        case 5 -> client.say("GET /garbage HTTP/1.1\r\nHost: x\r\n\r\n").head();
        case 6 ->
            client
                .say(
                    "GET /switch HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                        + "Upgrade: gopher\r\n\r\n")
                .head();
        case 7 -> client.say("POST /hang" + body + "c8\r\n" + "x".repeat(200) + "\r\n").head();
        case 8 -> client.say("POST /hang" + body);
        default -> client.say("GET /late HTTP/1.1\r\nHost: x\r\n\r\n").head();
      }
      if (i % 2 == 0) {
        client.reset();
      }
    }
  }

  /** What a length that is too short leaves over, with half a head at its end. */
  private static final String SURPLUS = "HTTP/1.1 200 OK\r\nSet-Cookie: evil=1\r\nX: ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
      })
  void whatComesBeyondAnAnswerIsNotTheNextOnes(String answer) throws Exception {
    AtomicInteger connections = new AtomicInteger();
    proxy.scripted(
        up -> {
          connections.incrementAndGet();
          up.head();
          up.say(answer + SURPLUS);
          up.head();
          up.say(answer);
        });

    for (int i = 0; i < 3; i++) {
      try (Talk client = proxy.client()) {
        client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        String all = client.rest();
        assertTrue(all.startsWith(answer.substring(0, 12)), all);
        assertFalse(all.contains("evil"), all);
      }
    }

    assertEquals(3, connections.get());
  }

  @Test
  void aConnectionOnWhichSomethingComesUnaskedIsClosed() throws Exception {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    ProxyFixture patient =
        new ProxyFixture(UpstreamClient.SETTINGS.withKeepAlive(Duration.ofMinutes(10)));
    try {
      patient.scripted(
          up -> {
            up.head();
            up.say(OK);
            answered.get(20, TimeUnit.SECONDS);
            up.say(SURPLUS);
            up.untilGone();
            gone.complete(null);
          });

      try (Talk client = patient.client()) {
        client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest();
      }
      answered.complete(null);

      gone.get(20, TimeUnit.SECONDS);
    } finally {
      patient.close();
    }
  }

  @Test
  void answersInPiecesKeepTheirConnection() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    proxy.scripted(
        up -> {
          connections.incrementAndGet();
          while (true) {
            up.head();
            String answer =
                "HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2;a=b\r\nok\r\n3\r\nyou\r\n0\r\nX-Sum: 1\r\n\r\n";
            for (char c : answer.toCharArray()) {
              up.say(String.valueOf(c));
            }
          }
        });

    for (int i = 0; i < 5; i++) {
      try (Talk client = proxy.client()) {
        client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        client.until("HTTP/1.1 200 OK");
        String body = client.rest().split("\r\n\r\n", 2)[1];
        assertEquals("okyou", body.replaceAll("[0-9a-f]+\r\n(X-Sum: 1\r\n)?|\r\n", ""), body);
      }
    }

    assertEquals(1, connections.get());
  }

  @Test
  void waitingForAConnectionIsBounded() throws Exception {
    CountDownLatch busy = new CountDownLatch(2);
    CompletableFuture<Void> release = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          while (true) {
            up.head();
            busy.countDown();
            release.get(30, TimeUnit.SECONDS);
            up.say(OK);
          }
        });
    List<Talk> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(proxy.client().say(GET));
    }
    busy.await();

    // The third waits, the fourth would have to wait behind it.
    clients.add(proxy.client().say(GET));
    clients.add(proxy.client().say(GET));
    AtomicInteger overloaded = new AtomicInteger();
    CountDownLatch refused = new CountDownLatch(1);
    List<Thread> readers = new ArrayList<>();
    for (Talk client : clients) {
      readers.add(
          proxy.daemon(
              () -> {
                if (client.head().startsWith("HTTP/1.1 503 ")) {
                  assertEquals("OVERLOADED", client.read(10));
                  overloaded.incrementAndGet();
                  refused.countDown();
                }
              }));
    }

    assertTrue(refused.await(20, TimeUnit.SECONDS));
    release.complete(null);
    for (Thread reader : readers) {
      reader.join();
    }
    assertEquals(1, overloaded.get());
    for (Talk client : clients) {
      client.close();
    }
  }

  @Test
  void aRequestThatWaitedAndLeftTakesNoConnection() throws Exception {
    CountDownLatch busy = new CountDownLatch(2);
    CompletableFuture<Void> release = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          while (true) {
            up.head();
            busy.countDown();
            release.get(30, TimeUnit.SECONDS);
            up.say(OK);
          }
        });
    try (Talk first = proxy.client();
        Talk second = proxy.client();
        Talk waiting = proxy.client()) {
      first.say(GET);
      second.say(GET);
      busy.await();
      waiting.say(GET);
      waiting.reset();
      assertEquals("abandoned", proxy.event());

      release.complete(null);
      first.head();
      second.head();
      assertWorks();
    }
  }

  @Test
  void aStaleConnectionIsReplacedForWhatMayBeAskedTwice() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    proxy.scripted(
        up -> {
          connections.incrementAndGet();
          up.head();
          up.say(OK);
          // The server gives up the connection in the moment the next request arrives.
          up.head();
        });

    try (Talk client = proxy.client()) {
      for (int i = 0; i < 5; i++) {
        client.say(GET);
        String head = client.head();
        assertTrue(head.startsWith("HTTP/1.1 200 "), head);
        client.read(2);
      }
    }

    assertEquals(5, connections.get());
  }

  @Test
  void aPostIsNeverSentTwice() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    proxy.scripted(
        up -> {
          up.head();
          up.say(OK);
          if (up.head().startsWith("POST")) {
            posts.incrementAndGet();
          }
        });

    try (Talk client = proxy.client()) {
      client.say(GET).head();
      client.read(2);
      client.say("POST / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(client.head().startsWith("HTTP/1.1 502 "));
    }

    assertEquals(1, posts.get());
  }

  /** What may be old is old here at once. */
  @Test
  void whatMustNotBeSentTwiceTakesNoOldConnection() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    PoolSettings reserve = UpstreamClient.SETTINGS.withKeepAlive(Duration.ZERO);
    ProxyFixture old = new ProxyFixture(reserve.withReserve(Duration.ofMinutes(1)));
    try {
      old.scripted(
          up -> {
            connections.incrementAndGet();
            while (true) {
              up.head();
              up.say(OK);
            }
          });

      assertEquals(1, after(old, GET, connections));
      assertEquals(1, after(old, GET, connections));
      assertEquals(2, after(old, "POST / HTTP/1.1\r\nHost: x\r\n\r\n", connections));
    } finally {
      old.close();
    }
  }

  private static int after(ProxyFixture proxy, String request, AtomicInteger connections)
      throws Exception {
    try (Talk client = proxy.client()) {
      String head = client.say(request).head();
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      client.read(2);
      return connections.get();
    }
  }

  @Test
  void aFreshConnectionThatBreaksIsNotTriedAgain() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    proxy.scripted(
        up -> {
          connections.incrementAndGet();
          up.head();
        });

    try (Talk client = proxy.client()) {
      client.say(GET);
      assertTrue(client.head().startsWith("HTTP/1.1 502 "));
    }

    assertEquals(1, connections.get());
  }
}
