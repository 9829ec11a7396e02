package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyFailuresTest {
  private static final Duration LONG = ProxyFixture.LONG;
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final ProxyFixture proxy = new ProxyFixture();

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private void timeouts(Duration connect, Duration response, Duration idle) {
    proxy.timeouts = new ProxyTarget.Timeouts(connect, response, idle, Duration.ZERO);
  }

  private void assertRefused(String request, String problem) throws Exception {
    try (Talk client = proxy.client()) {
      client.say(request);
      String head = client.head();
      assertFalse(head.startsWith("HTTP/1.1 200"), head);
      assertEquals(problem, client.read(problem.length()));
      // The connection survives a refusal.
      client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
    }
  }

  @Test
  void aRefusedConnectionIsABadGateway() throws Exception {
    assertRefused(GET, "BAD_GATEWAY");
  }

  @Test
  void anUnknownHostIsUnavailable() throws Exception {
    proxy.at(80, "no-such-host.invalid");

    assertRefused(GET, "SERVICE_UNAVAILABLE");
  }

  @Test
  void aConnectionThatDoesNotComeIsAGatewayTimeout() throws Exception {
    timeouts(SHORT, LONG, LONG);
    List<Socket> fillers = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      // Nobody accepts: once the backlog is full the kernel drops further connections.
      for (int i = 0; i < 4; i++) {
        Socket filler = new Socket();
        fillers.add(filler);
        proxy.daemon(() -> filler.connect(full.getLocalSocketAddress(), 500)).join();
      }
      proxy.at(full.getLocalPort(), "127.0.0.1");

      assertRefused(GET, "GATEWAY_TIMEOUT");
    }
    for (Socket filler : fillers) {
      filler.close();
    }
  }

  @Test
  void aConnectionClosedBeforeTheHeadIsABadGateway() throws Exception {
    proxy.scripted(Talk::head);
    assertRefused(GET, "BAD_GATEWAY");

    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 200 OK\r\nContent-").reset();
        });
    assertRefused(GET, "BAD_GATEWAY");
  }

  @Test
  void garbageIsABadGateway() throws Exception {
    for (String garbage :
        List.of(
            "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "HTTP/1.1 banana OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n",
            "HTTP/9.9 200 OK\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 102 Processing\r\n\r\n".repeat(17) + OK,
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000) + "\r\n\r\n")) {
      proxy.scripted(
          up -> {
            up.head();
            up.say(garbage).untilGone();
          });
      assertRefused(GET, "BAD_GATEWAY");
    }
  }

  @Test
  void anInterimAnswerThatNobodyKnowsIsPassedOver() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 104 New\r\nX-A: b\r\n\r\n" + OK);
          up.untilGone();
        });

    try (Talk client = proxy.client()) {
      String head = client.say(GET).head();

      assertTrue(head.startsWith("HTTP/1.1 200 ") && !head.contains("X-A"), head);
    }
  }

  @Test
  void aLateHeadIsAGatewayTimeoutAndTheUpstreamIsToldAtOnce() throws Exception {
    CompletableFuture<Void> reset = new CompletableFuture<>();
    timeouts(LONG, SHORT, LONG);
    proxy.scripted(
        up -> {
          up.head();
          up.untilGone();
          reset.complete(null);
        });

    assertRefused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", "GATEWAY_TIMEOUT");
    reset.get(10, TimeUnit.SECONDS);
  }

  @Test
  void silenceInABodyResetsTheClient() throws Exception {
    timeouts(LONG, LONG, SHORT);
    for (String head :
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
            "HTTP/1.1 200 OK\r\n\r\n")) {
      proxy.scripted(up -> hang(up, head));

      try (Talk client = proxy.client()) {
        client.say(GET);

        assertTrue(client.untilReset().endsWith("hello") || !head.contains("Length"), head);
      }
      try (Talk old = proxy.client()) {
        old.say("GET / HTTP/1.0\r\n\r\n");

        assertTrue(old.untilReset().contains("hello"));
      }
    }
  }

  private static void hang(Talk up, String head) throws Exception {
    up.head();
    up.say(head + "hello").untilGone();
  }

  @Test
  void aTruncatedBodyResetsTheClient() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nbanana\r\n")) {
      proxy.scripted(
          up -> {
            up.head();
            up.say(answer);
          });

      for (String request : List.of(GET, "GET / HTTP/1.0\r\n\r\n")) {
        proxy.events.clear();
        try (Talk client = proxy.client()) {
          client.say(request).untilReset();
        }
        assertEquals("answered 200", proxy.event());
        assertEquals("broken BAD_GATEWAY", proxy.event());
        assertEquals("over", proxy.event());
      }
    }
  }

  @Test
  void aTruncatedBodyResetsTheHttp2StreamAndLeavesTheOthersAlone() throws Exception {
    proxy.served(
        request -> {
          if (request.path().equals("/broken")) {
            request
                .response()
                .putHeader("Content-Length", "10")
                .write("hello")
                .onComplete(v -> request.connection().close());
          } else {
            request.response().end("fine");
          }
        });
    HttpClient http2 =
        proxy.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));

    Throwable failure = null;
    try {
      body(http2, "/broken").get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      failure = e.getCause();
    }

    assertEquals(StreamResetException.class, failure.getClass());
    assertEquals("fine", body(http2, "/").get(10, TimeUnit.SECONDS));
  }

  private CompletableFuture<String> body(HttpClient client, String path) {
    return client
        .request(HttpMethod.GET, proxy.port(), "127.0.0.1", path)
        .compose(request -> request.send().compose(response -> response.body()))
        .map(Object::toString)
        .toCompletionStage()
        .toCompletableFuture();
  }

  @Test
  void aSlowUploadThatFlowsOutlivesEveryTimeout() throws Exception {
    Duration shorterThanEither = Duration.ofMillis(800);
    timeouts(shorterThanEither, shorterThanEither, shorterThanEither);
    proxy.scripted(
        up -> {
          up.head();
          assertEquals("x".repeat(12), up.read(12));
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
          trickle(up);
          up.untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n");
      trickle(client);

      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
      assertEquals("x".repeat(12), client.read(12));
    }
  }

  /** Twelve bytes in 1.2 seconds: the pace is what is tested. */
  private static void trickle(Talk talk) throws Exception {
    for (int i = 0; i < 12; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      talk.say("x");
    }
  }

  @Test
  void anUploadThatStallsIsARequestTimeout() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    timeouts(LONG, LONG, SHORT);
    proxy.scripted(
        up -> {
          up.head();
          seen.complete(up.untilReset());
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");

      assertTrue(client.head().startsWith("HTTP/1.1 408 "));
      assertEquals("3\r\nabc\r\n", seen.get(10, TimeUnit.SECONDS));
      assertEquals("REQUEST_TIMEOUT", client.read(15));
      client.untilGone();
    }
  }

  @Test
  void anUploadThatNobodyReadsIsAGatewayTimeout() throws Exception {
    timeouts(LONG, LONG, SHORT);
    CompletableFuture<Void> done = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          done.get(20, TimeUnit.SECONDS);
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n");
      proxy.daemon(() -> client.pour(90_000_000));

      assertEquals("HTTP/1.1 504 ", client.head().substring(0, 13));
      done.complete(null);
    }
  }

  @Test
  void aClientThatLeavesResetsTheUpstreamAtOnce() throws Exception {
    for (String answer : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")) {
      CompletableFuture<Void> asked = new CompletableFuture<>();
      CompletableFuture<Void> reset = new CompletableFuture<>();
      proxy.events.clear();
      proxy.scripted(
          up -> {
            up.head();
            up.say(answer);
            asked.complete(null);
            up.untilReset();
            reset.complete(null);
          });

      try (Talk client = proxy.client()) {
        client.say(GET);
        asked.get(10, TimeUnit.SECONDS);
        if (!answer.isEmpty()) {
          client.until("hello");
        }
      }

      reset.get(10, TimeUnit.SECONDS);
      String event = proxy.event();
      assertEquals("abandoned", answer.isEmpty() ? event : proxy.event());
      assertEquals("over", proxy.event());
    }
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeAnythingIsSent() throws Exception {
    proxy.maxBody = 10;
    proxy.scripted(
        up -> {
          assertTrue(up.head().startsWith("GET "), "the refused request came through");
        });

    assertRefused(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n12345678901", "PAYLOAD_TOO_LARGE");
  }

  @Test
  void aChunkedBodyThatBecomesTooLongNeverLooksComplete() throws Exception {
    proxy.maxBody = 10;
    CompletableFuture<String> seen = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          seen.complete(up.untilReset());
        });

    try (Talk client = proxy.client()) {
      client.say(
          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "a\r\n1234567890\r\n");
      client.say("1\r\n1\r\n0\r\n\r\n");

      assertTrue(client.head().startsWith("HTTP/1.1 413 "));
    }
    assertFalse(seen.get(10, TimeUnit.SECONDS).contains("0\r\n\r\n"));
  }

  @Test
  void aBodyAtTheLimitPasses() throws Exception {
    proxy.maxBody = 10;
    proxy.served(
        request -> request.body().onSuccess(body -> request.response().end(body.toString())));

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.say("a\r\n1234567890\r\n0\r\n\r\n");

      client.head();
      assertEquals("1234567890", client.read(10));
    }
  }

  @Test
  void anEarlyAnswerIsPassedOnAndTheConnectionIsNotReused() throws Exception {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          if (up.head().startsWith("POST")) {
            up.say("HTTP/1.1 413 Too Much\r\nContent-Length: 4\r\n\r\nless");
            up.untilGone();
            gone.complete(null);
          } else {
            up.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").untilGone();
          }
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nbegin");
      assertTrue(client.head().startsWith("HTTP/1.1 413 Too Much"));
      assertEquals("less", client.read(4));
      gone.get(10, TimeUnit.SECONDS);

      // The rest is read and forgotten, and the next request is understood.
      client.say("x".repeat(995)).say(GET);
      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void aClientThatGoesOnSendingAfterTheAnswerIsCutOff() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n");
      assertTrue(client.head().startsWith("HTTP/1.1 403 "));
      assertEquals("no", client.read(2));

      proxy.daemon(() -> client.pour(90_000_000));
      client.untilGone();
    }
  }

  @Test
  void theAnswerMayFlowWhileTheRequestStillDoes() throws Exception {
    proxy.served(
        request -> {
          request.response().setChunked(true);
          Promise<Void> echoed = Promise.promise();
          request.pipeTo(request.response()).onComplete(echoed);
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
      client.head();
      assertEquals("3\r\nabc\r\n", client.until("abc\r\n"));
      client.say("def");
      assertEquals("3\r\ndef\r\n0\r\n\r\n", client.until("0\r\n\r\n"));
    }
  }
}
