package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyHttp2Test {
  private final ProxyFixture proxy = new ProxyFixture();
  private HttpClient client;

  @BeforeEach
  void open() {
    client =
        proxy.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private Future<HttpClientRequest> request(HttpMethod method) {
    return client.request(method, proxy.port(), "127.0.0.1", "/");
  }

  @Test
  void aCancelledStreamResetsTheUpstream() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> reset = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          asked.complete(null);
          up.untilReset();
          reset.complete(null);
        });

    HttpClientRequest request = ProxyFixture.await(request(HttpMethod.GET));
    request.exceptionHandler(cancelled -> {});
    request.end();
    asked.get(10, TimeUnit.SECONDS);
    request.reset(8);

    reset.get(10, TimeUnit.SECONDS);
    assertEquals("abandoned", proxy.event());
  }

  @Test
  void aBodyThatBecomesTooLongIsRefused() throws Exception {
    proxy.maxBody = 10;
    proxy.scripted(up -> up.head().concat(up.untilReset()));

    HttpClientResponse response =
        ProxyFixture.await(
            request(HttpMethod.POST)
                .compose(
                    request -> {
                      request.exceptionHandler(closed -> {});
                      request.setChunked(true).write("12345678");
                      request.write("12345678");
                      return request.response();
                    }));

    assertEquals(413, response.statusCode());
  }

  @Test
  void expectContinueWithoutLengthIsAnswered() throws Exception {
    proxy.served(
        request -> request.body().onSuccess(body -> request.response().end("got " + body)));

    Buffer answer =
        ProxyFixture.await(
            request(HttpMethod.POST)
                .compose(
                    request -> {
                      request.putHeader("expect", "100-continue").setChunked(true);
                      request.continueHandler(v -> request.end("it"));
                      request.sendHead();
                      return request.response().compose(HttpClientResponse::body);
                    }));

    assertEquals("got it", answer.toString());
  }

  @Test
  void oneSlowReaderSlowsItsUpstreamAndNobodyElse() throws Exception {
    AtomicLong written = new AtomicLong();
    proxy.scripted(
        up -> {
          if (up.head().startsWith("POST")) {
            up.say("HTTP/1.1 204 No Content\r\n\r\n").untilGone();
          }
          up.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          byte[] piece = ("4000\r\n" + "x".repeat(0x4000) + "\r\n").getBytes();
          while (true) {
            up.say(piece);
            written.addAndGet(piece.length);
          }
        });

    HttpClientResponse slow =
        ProxyFixture.await(
            request(HttpMethod.GET)
                .compose(request -> request.send().map(HttpClientResponse::pause)));
    assertEquals(200, slow.statusCode());
    slow.exceptionHandler(closed -> {});
    TunnelTest.assertStalls(written);

    HttpClientResponse other =
        ProxyFixture.await(request(HttpMethod.POST).compose(HttpClientRequest::send));
    assertEquals(204, other.statusCode());
    assertTrue(written.get() > 0);
  }
}
