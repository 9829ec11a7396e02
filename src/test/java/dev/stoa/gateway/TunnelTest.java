package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TunnelTest {
  private static final String UPGRADE =
      "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: %s\r\n\r\n";
  private static final String SWITCH =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: gopher\r\n\r\n";

  private final ProxyFixture proxy = ProxyFixture.narrow();
  private final CompletableFuture<Integer> closedWith = new CompletableFuture<>();

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private void webSockets(io.vertx.core.Handler<ServerWebSocket> handler) {
    int port =
        ProxyFixture.await(
                proxy
                    .vertx
                    .createHttpServer(
                        new HttpServerOptions()
                            .setWebSocketSubProtocols(List.of("chat", "shop"))
                            .setPerMessageWebSocketCompressionSupported(true))
                    .webSocketHandler(handler)
                    .listen(0, "127.0.0.1"))
            .actualPort();
    proxy.at(port, "127.0.0.1");
  }

  private WebSocket connected() {
    WebSocketClient client =
        proxy.vertx.createWebSocketClient(
            new WebSocketClientOptions().setTryUsePerMessageCompression(true));
    return ProxyFixture.await(
        client.connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(proxy.port())
                .setURI("/chat?room=1")
                .addSubProtocol("shop")));
  }

  @Test
  void aWebSocketPassesWithSubprotocolExtensionsAndCloseCodes() throws Exception {
    webSockets(
        socket -> {
          assertEquals("/chat?room=1", socket.uri());
          socket.textMessageHandler(text -> socket.writeTextMessage("echo " + text));
          socket.closeHandler(v -> closedWith.complete((int) socket.closeStatusCode()));
        });
    CompletableFuture<String> echo = new CompletableFuture<>();

    WebSocket socket = connected();
    socket.textMessageHandler(echo::complete);
    socket.writeTextMessage("hello ".repeat(100));

    assertEquals("echo " + "hello ".repeat(100), echo.get(10, TimeUnit.SECONDS));
    assertEquals("shop", socket.subProtocol());
    assertTrue(socket.headers().get("Sec-WebSocket-Extensions").contains("permessage-deflate"));
    socket.close((short) 4711, "enough");
    assertEquals(4711, closedWith.get(10, TimeUnit.SECONDS));
    assertEquals("answered 101", proxy.event());
    assertEquals("over", proxy.event());
  }

  @Test
  void theUpstreamsCloseCodeReachesTheClient() throws Exception {
    webSockets(socket -> socket.textMessageHandler(text -> socket.close((short) 4000, "bye")));

    WebSocket socket = connected();
    socket.closeHandler(v -> closedWith.complete((int) socket.closeStatusCode()));
    socket.writeTextMessage("go");

    assertEquals(4000, closedWith.get(10, TimeUnit.SECONDS));
  }

  @Test
  void anyProtocolPassesByteByByte() throws Exception {
    proxy.scripted(
        up -> {
          String head = up.head();
          assertTrue(head.toLowerCase().contains("\r\nconnection: upgrade\r\n"), head);
          assertTrue(head.toLowerCase().contains("\r\nupgrade: gopher\r\n"), head);
          up.say(SWITCH + "at once");
          assertEquals("\u0000\u0001\r\n\r\nGET", up.read(9));
          up.say("done");
        });

    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher"));
      String head = client.head();
      assertTrue(head.startsWith("HTTP/1.1 101 "), head);
      assertTrue(head.toLowerCase().contains("\r\nupgrade: gopher\r\n"), head);
      assertTrue(head.toLowerCase().contains("\r\nconnection: upgrade\r\n"), head);
      assertEquals("at once", client.read(7));
      client.say("\u0000\u0001\r\n\r\nGET");
      assertEquals("done", client.rest());
    }
  }

  @Test
  void aRefusedUpgradeIsAnOrdinaryAnswer() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 403 No\r\nContent-Length: 4\r\n\r\nnope").untilGone();
        });

    try (Talk client = proxy.client()) {
      for (int i = 0; i < 2; i++) {
        client.say(UPGRADE.formatted("websocket"));
        assertTrue(client.head().startsWith("HTTP/1.1 403 No"));
        assertEquals("nope", client.read(4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Upgrade: \r\n",
        "Upgrade: websocket\r\n",
        "Upgrade: gopher, websocket\r\n",
        "Upgrade: gopher\r\nX: \u0000\r\n"
      })
  void aSwitchThatIsNotToWhatWasAskedForIsABadGateway(String fields) throws Exception {
    CompletableFuture<Void> upstreamGone = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + fields + "\r\n?")
              .untilGone();
          upstreamGone.complete(null);
        });

    try (Talk client = proxy.client()) {
      String head = client.say(UPGRADE.formatted("gopher")).head();

      assertTrue(head.startsWith("HTTP/1.1 502 ") && !head.contains("gopher"), head);
      assertEquals("BAD_GATEWAY", client.read(11));
      upstreamGone.get(10, TimeUnit.SECONDS);
      assertTrue(client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head().contains(" 502 "));
    }
  }

  @Test
  void aSwitchIsToldWithoutALength() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: Gopher\r\n"
                      + "Content-Length: 2\r\n\r\nhello")
              .untilGone();
        });

    try (Talk client = proxy.client()) {
      String head = client.say(UPGRADE.formatted("irc, gopher")).head();

      assertTrue(head.startsWith("HTTP/1.1 101 ") && head.contains("Gopher"), head);
      assertFalse(head.toLowerCase().contains("content-length"), head);
      assertEquals("hello", client.read(5));
    }
  }

  @Test
  void noTunnelForHttp2BehindTheGatewaysBack() throws Exception {
    proxy.scripted(
        up -> {
          String head = up.head();
          assertFalse(head.toLowerCase().contains("upgrade"), head);
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher, h2c"));

      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void eitherSideDyingClosesTheOther() throws Exception {
    CompletableFuture<Void> upstreamGone = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          up.say(SWITCH).untilGone();
          upstreamGone.complete(null);
        });
    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher")).head();
      client.reset();
    }
    upstreamGone.get(10, TimeUnit.SECONDS);

    proxy.scripted(
        up -> {
          up.head();
          up.say(SWITCH);
          up.read(2);
          up.reset();
        });
    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher")).head();
      client.say("hi").untilGone();
    }
  }

  @Test
  void whatASideSaidLastIsDelivered() throws Exception {
    int length = 2_000_000;
    CompletableFuture<Integer> received = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          up.say(SWITCH);
          received.complete(up.rest().length());
        });
    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher")).head();
      client.pour(length);
    }
    assertEquals(length, received.get(20, TimeUnit.SECONDS));

    for (int last = 100_000; last <= 600_000; last += 50_000) {
      int all = last;
      proxy.scripted(
          up -> {
            up.head();
            up.say(SWITCH).pour(all);
          });
      try (Talk client = Talk.narrow(proxy.port())) {
        client.say(UPGRADE.formatted("gopher")).head();
        TimeUnit.MILLISECONDS.sleep(100); // slowness is what is tested

        assertEquals(all, client.rest().length());
      }
    }
  }

  @Test
  void aSlowReaderSlowsTheWriterDown() throws Exception {
    AtomicLong written = new AtomicLong();
    proxy.scripted(
        up -> {
          up.head();
          up.say(SWITCH);
          byte[] piece = new byte[64 * 1024];
          while (true) {
            up.say(piece);
            written.addAndGet(piece.length);
          }
        });

    try (Talk client = Talk.narrow(proxy.port())) {
      client.say(UPGRADE.formatted("gopher")).head();

      assertStalls(written);
    }
  }

  @Test
  void aSlowUpstreamSlowsTheClientDown() throws Exception {
    AtomicLong written = new AtomicLong();
    CompletableFuture<Void> done = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          up.say(SWITCH);
          done.get(30, TimeUnit.SECONDS);
        });

    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher")).head();
      proxy.daemon(
          () -> {
            byte[] piece = new byte[64 * 1024];
            while (true) {
              client.say(piece);
              written.addAndGet(piece.length);
            }
          });

      assertStalls(written);
      done.complete(null);
    }
  }

  /** Kernel buffers take some megabytes, the gateway must not take hundreds. */
  static void assertStalls(AtomicLong written) throws InterruptedException {
    long before = -1;
    for (int quiet = 0; quiet < 3; ) {
      TimeUnit.MILLISECONDS.sleep(200); // there is no event for "nothing more happens"
      quiet = written.get() == before && before > 0 ? quiet + 1 : 0;
      before = written.get();
      assertTrue(before < 64_000_000, "took " + before + " bytes");
    }
  }

  @Test
  void aQuietTunnelLivesAndASetLimitEndsIt() throws Exception {
    Duration brief = Duration.ofMillis(200);
    proxy.timeouts = new ProxyTarget.Timeouts(brief, brief, brief, Duration.ZERO);
    proxy.scripted(
        up -> {
          up.head();
          up.say(SWITCH);
          TimeUnit.MILLISECONDS.sleep(700); // longer than every limit for ordinary bodies
          up.say("still here").untilGone();
        });
    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher")).head();
      assertEquals("still here", client.read(10));
    }

    proxy.timeouts = new ProxyTarget.Timeouts(brief, brief, brief, brief);
    try (Talk client = proxy.client()) {
      client.say(UPGRADE.formatted("gopher")).head();
      client.untilReset();
    }
  }

  @Test
  void anEventStreamFlowsAtOnceAndMayBeQuiet() throws Exception {
    Duration brief = Duration.ofMillis(200);
    proxy.timeouts = new ProxyTarget.Timeouts(brief, brief, brief, Duration.ZERO);
    CompletableFuture<Void> headSeen = new CompletableFuture<>();
    CompletableFuture<Void> firstSeen = new CompletableFuture<>();
    CompletableFuture<Void> upstreamGone = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n");
          headSeen.get(10, TimeUnit.SECONDS);
          up.say("data: 1\n\n");
          firstSeen.get(10, TimeUnit.SECONDS);
          TimeUnit.MILLISECONDS.sleep(700); // longer than every limit for ordinary bodies
          up.say("data: 2\n\n").untilGone();
          upstreamGone.complete(null);
        });

    try (Talk client = proxy.client()) {
      client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
      headSeen.complete(null);
      client.until("data: 1\n\n\r\n");
      firstSeen.complete(null);
      client.until("data: 2\n\n\r\n");
    }
    upstreamGone.get(10, TimeUnit.SECONDS);
  }
}
