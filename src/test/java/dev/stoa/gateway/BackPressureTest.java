package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackPressureTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final long ENDLESS = 1L << 40;
  private static final byte[] PIECE = new byte[64 * 1024];

  private final ProxyFixture proxy = ProxyFixture.narrow();
  private final AtomicLong written = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private void flood(Talk talk) throws Exception {
    while (true) {
      talk.say(PIECE);
      written.addAndGet(PIECE.length);
    }
  }

  @Test
  void aClientThatReadsSlowlySlowsTheUpstreamDown() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
          flood(up);
        });

    try (Talk client = Talk.narrow(proxy.port())) {
      client.say(GET).head();
      TunnelTest.assertStalls(written);
      long stalledAt = written.get();
      client.in().skipNBytes(20_000_000);
      assertTrue(written.get() > stalledAt, "goes on when the client does");
    }
  }

  @Test
  void anUpstreamThatReadsSlowlySlowsTheClientDown() throws Exception {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          goOn.get(30, TimeUnit.SECONDS);
          up.in().skipNBytes(20_000_000);
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
      proxy.daemon(() -> flood(client));
      TunnelTest.assertStalls(written);
      long stalledAt = written.get();
      goOn.complete(null);
      client.head();
      assertTrue(written.get() > stalledAt, "goes on when the upstream does");
    }
  }

  /** Whatever of it is still in the gateway, in whichever queue, when the upstream closes. */
  @Test
  void whatAnUpstreamSaidBeforeClosingReachesASlowClient() throws Exception {
    for (int length = 100_000; length <= 600_000; length += 50_000) {
      int all = length;
      proxy.scripted(
          up -> {
            up.head();
            up.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + all + "\r\n\r\n");
            up.pour(all);
          });

      try (Talk client = Talk.narrow(proxy.port())) {
        client.say(GET).head();
        TimeUnit.MILLISECONDS.sleep(100); // slowness is what is tested

        assertEquals(all, client.in().readNBytes(all).length);
      }
    }
  }

  @Test
  void aClientThatStopsReadingIsCutOffAndTheUpstreamTold() throws Exception {
    Duration brief = Duration.ofMillis(300);
    proxy.timeouts =
        new ProxyTarget.Timeouts(ProxyFixture.LONG, ProxyFixture.LONG, brief, Duration.ZERO);
    CompletableFuture<Void> told = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
          try {
            flood(up);
          } finally {
            told.complete(null);
          }
        });

    try (Talk client = Talk.narrow(proxy.port())) {
      client.say(GET).head();

      told.get(20, TimeUnit.SECONDS);
      assertEquals("answered 200", proxy.event());
      assertEquals("abandoned", proxy.event());
      client.untilReset();
    }
  }

  @Test
  void aClientThatReadsSlowlyButSteadilyIsServed() throws Exception {
    Duration brief = Duration.ofMillis(400);
    proxy.timeouts =
        new ProxyTarget.Timeouts(ProxyFixture.LONG, ProxyFixture.LONG, brief, Duration.ZERO);
    int length = 15_000_000;
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n").pour(length);
          up.untilGone();
        });

    try (Talk client = Talk.narrow(proxy.port())) {
      client.say(GET).head();
      int left = length;
      for (int i = 0; i < 200; i++) {
        client.in().skipNBytes(50_000);
        left -= 50_000;
        TimeUnit.MILLISECONDS.sleep(10); // the pace is what is tested
      }
      client.in().skipNBytes(left);
    }

    assertEquals("answered 200", proxy.event());
    assertEquals("over", proxy.event());
  }
}
