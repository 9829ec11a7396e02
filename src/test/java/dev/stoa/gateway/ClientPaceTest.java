package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that take or give just enough not to be silent. */
class ClientPaceTest {
  private static final int ENDLESS = 1_000_000_000;
  private static final String GET = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void clientsThatDoNotReadMakeRoomForOthersWhenTheyHoldTheConnections() throws Exception {
    ProxyFixture proxy = ProxyFixture.narrow(3, new Crowd(3, Duration.ofMillis(300)));
    List<Talk> sleepers = new ArrayList<>();
    proxy.scripted(
        up -> {
          while (!up.head().startsWith("GET /big ")) {
            up.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
          up.say("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n").pour(ENDLESS);
        });

    try {
      for (int i = 0; i < 3; i++) {
        Talk sleeper = Talk.narrow(proxy.port()).say(GET);
        sleeper.head();
        sleepers.add(sleeper);
      }
      for (int i = 0; i < 2; i++) {
        try (Talk other = Talk.to(proxy.port())) {
          assertTrue(other.say("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n").head().contains(" 200 "));
          assertEquals("ok", other.read(2));
        }
      }
    } finally {
      for (Talk sleeper : sleepers) {
        sleeper.close();
      }
      proxy.close();
    }
  }

  @Test
  void aBodyOverHttp2HasTheLeastRateToo() throws Exception {
    GatewayFixture gateway =
        new GatewayFixture(
            """
            {"gateway": {"http2": true, "header_timeout": "500ms", "min_body_rate": 1000},
             "routes": [{"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM",
                         "auth": "none", "rate_limit": "none"}]}
            """);
    byte[] head =
        FrameTalk.block(
            ":method", "POST", ":scheme", "http", ":path", "/open/x", ":authority", "a");

    try (FrameTalk slow = FrameTalk.to(gateway.port());
        FrameTalk steady = FrameTalk.to(gateway.port())) {
      slow.frame(FrameTalk.HEADERS, FrameTalk.END_HEADERS, 1, head);
      steady.frame(FrameTalk.HEADERS, FrameTalk.END_HEADERS, 1, head);
      CompletableFuture<String> outcome = outcome(slow);
      while (!outcome.isDone()) {
        slow.frame(FrameTalk.DATA, 0, 1, new byte[1]);
        steady.frame(FrameTalk.DATA, 0, 1, new byte[500]);
        TimeUnit.MILLISECONDS.sleep(50); // the pace is what is tested
      }
      steady.frame(FrameTalk.DATA, FrameTalk.END_STREAM, 1, new byte[1]);

      assertEquals("408", outcome.get());
      assertEquals("200", steady.outcome(1));
    } finally {
      gateway.close();
    }
  }

  private static CompletableFuture<String> outcome(FrameTalk talk) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return talk.outcome(1);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
