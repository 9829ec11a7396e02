package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyBodiesTest {
  private final ProxyFixture proxy = new ProxyFixture();

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  @Test
  void passesASizedBodyBothWays() throws Exception {
    proxy.scripted(
        up -> {
          String head = up.head();
          assertTrue(head.startsWith("POST /api/a?b=%20c HTTP/1.1\r\n"), head);
          assertTrue(head.toLowerCase().contains("content-length: 5\r\n"), head);
          assertFalse(head.toLowerCase().contains("transfer-encoding"), head);
          assertEquals("hello", up.read(5));
          up.say("HTTP/1.1 201 Made\r\nContent-Length: 3\r\n\r\nyes").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("POST /api/a?b=%20c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");

      String head = client.head();
      assertTrue(head.startsWith("HTTP/1.1 201 Made\r\n"), head);
      assertTrue(head.toLowerCase().contains("content-length: 3\r\n"), head);
      assertFalse(head.toLowerCase().contains("transfer-encoding"), head);
      assertEquals("yes", client.read(3));
    }
  }

  @Test
  void keepsBothConnectionsForTheNextRequest() throws Exception {
    BlockingQueue<String> connections = new LinkedBlockingQueue<>();
    proxy.scripted(
        up -> {
          connections.add("one");
          for (int i = 0; i < 3; i++) {
            up.head();
            up.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
          up.untilGone();
        });

    try (Talk client = proxy.client()) {
      for (int i = 0; i < 3; i++) {
        client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
        assertEquals("ok", client.read(2));
      }
    }

    assertEquals(1, connections.size());
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    proxy.served(
        request ->
            request.body().onSuccess(body -> request.response().end(request.path() + body + ";")));

    try (Talk client = proxy.client()) {
      client.say(
          "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
              + "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
              + "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "2\r\nho\r\n0\r\n\r\n"
              + "GET /d HTTP/1.1\r\nHost: x\r\n\r\n");

      for (String answer : List.of("/a;", "/bhi;", "/cho;", "/d;")) {
        client.head();
        assertEquals(answer, client.read(answer.length()));
      }
    }
  }

  @Test
  void passesChunkedBodiesAndTrailers() throws Exception {
    proxy.scripted(
        up -> {
          String head = up.head();
          assertTrue(head.toLowerCase().contains("transfer-encoding: chunked\r\n"), head);
          assertTrue(head.toLowerCase().contains("te: trailers\r\n"), head);
          assertEquals("3\r\nabc\r\n", up.read(8));
          assertEquals("2\r\nde\r\n", up.until("de\r\n"));
          assertEquals("0\r\n\r\n", up.read(5));
          up.say(
                  "HTTP/1.1 200 OK\r\nTrailer: Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + "2\r\nhi\r\n0\r\nSum: 42\r\nContent-Length: 9\r\n\r\n")
              .untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say(
          "PUT / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: TE\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      client.say("2\r\nde\r\n0\r\nIgnored: yes\r\n\r\n");

      String head = client.head();
      assertTrue(head.toLowerCase().contains("transfer-encoding: chunked\r\n"), head);
      assertTrue(head.contains("Trailer: Sum\r\n"), head);
      assertEquals("2\r\nhi\r\n0\r\nSum: 42\r\n\r\n", client.until("42\r\n\r\n"));
    }
  }

  @Test
  void sendsTheHeadAheadOfABodyThatTakesItsTime() throws Exception {
    CompletableFuture<Void> headSeen = new CompletableFuture<>();
    proxy.scripted(
        up -> {
          up.head();
          headSeen.complete(null);
          assertEquals("late", up.read(4));
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
          up.read(1);
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n");
      headSeen.get(10, TimeUnit.SECONDS);
      client.say("late");

      assertTrue(client.head().startsWith("HTTP/1.1 200 OK"));
    }
  }

  @Test
  void answersHeadAndNotModifiedWithTheirLengthAndNoBody() throws Exception {
    proxy.scripted(
        up -> {
          assertTrue(up.head().startsWith("HEAD / "));
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
          assertTrue(up.head().startsWith("GET /cached "));
          up.say("HTTP/1.1 304 Nothing New\r\nETag: \"a\"\r\n\r\n");
          assertTrue(up.head().startsWith("DELETE /gone "));
          up.say("HTTP/1.1 204 No Content\r\n\r\n");
          assertTrue(up.head().startsWith("HEAD /chunked "));
          up.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          up.untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(client.head().toLowerCase().contains("content-length: 1234\r\n"));
      client.say("GET /cached HTTP/1.1\r\nHost: x\r\n\r\n");
      String notModified = client.head();
      assertTrue(notModified.startsWith("HTTP/1.1 304 "), notModified);
      assertTrue(notModified.contains("\"a\""), notModified);
      assertFalse(notModified.toLowerCase().contains("content-length"), notModified);
      client.say("DELETE /gone HTTP/1.1\r\nHost: x\r\n\r\n");
      String noContent = client.head();
      assertTrue(noContent.startsWith("HTTP/1.1 204 "), noContent);
      assertFalse(noContent.toLowerCase().contains("content-length"), noContent);
      assertFalse(noContent.toLowerCase().contains("transfer-encoding"), noContent);
      client.say("HEAD /chunked HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void passesEarlyHintsAndHidesContinue() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 100 Continue\r\n\r\n");
          up.say("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nKeep-Alive: x\r\n\r\n");
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

      String hints = client.head();
      assertTrue(hints.startsWith("HTTP/1.1 103 "), hints);
      assertTrue(hints.contains("</a.css>"), hints);
      assertFalse(hints.contains("Keep-Alive"), hints);
      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void aFloodOfHintsEndsAtTheGateway() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(1_000));
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

      String answer = client.until("HTTP/1.1 200 ");
      int hints = answer.split("HTTP/1.1 103 ", -1).length - 1;
      assertTrue(hints >= 1 && hints <= 8, hints + " hints");
    }
  }

  @Test
  void answersExpectContinueItselfOnceTheUpstreamIsThere() throws Exception {
    proxy.scripted(
        up -> {
          String head = up.head();
          assertFalse(head.toLowerCase().contains("expect"), head);
          assertEquals("hello", up.read(5));
          up.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.head());
      client.say("hello");

      assertTrue(client.head().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void neverSaysContinueWhenTheUpstreamCannotBeReached() throws Exception {
    try (Talk client = proxy.client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

      assertTrue(client.head().startsWith("HTTP/1.1 502 "));
    }
  }

  @Test
  void speaksOldHttpToOldClients() throws Exception {
    proxy.scripted(
        up -> {
          assertTrue(up.head().startsWith("GET / HTTP/1.1\r\n"));
          up.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
          up.untilGone();
        });

    try (Talk client = proxy.client()) {
      client.say("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

      String answer = client.rest();
      assertTrue(answer.startsWith("HTTP/1.0 200 OK\r\n"), answer);
      assertFalse(answer.toLowerCase().contains("transfer-encoding"), answer);
      assertTrue(answer.toLowerCase().contains("connection: close\r\n"), answer);
      assertTrue(answer.endsWith("\r\n\r\nhi"), answer);
    }
  }

  @Test
  void keepsAnOldClientsConnectionWhenTheLengthIsKnown() throws Exception {
    proxy.served(request -> request.response().end("hi"));

    try (Talk client = proxy.client()) {
      for (int i = 0; i < 2; i++) {
        client.say("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertTrue(client.head().toLowerCase().contains("connection: keep-alive\r\n"));
        assertEquals("hi", client.read(2));
      }
    }
  }

  @Test
  void endsABodyThatEndsWithItsConnection() throws Exception {
    proxy.scripted(
        up -> {
          up.head();
          up.say("HTTP/1.0 200 OK\r\n\r\nall of it");
        });

    try (Talk client = proxy.client()) {
      client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

      assertTrue(client.head().toLowerCase().contains("transfer-encoding: chunked\r\n"));
      assertEquals("9\r\nall of it\r\n0\r\n\r\n", client.until("0\r\n\r\n"));
    }
  }

  @Test
  void losesNoHttp2BodyWithoutLength() throws Exception {
    proxy.served(
        request ->
            request
                .body()
                .onSuccess(
                    body ->
                        request
                            .response()
                            .end(
                                request.getHeader("Transfer-Encoding")
                                    + " "
                                    + request.getHeader("Content-Length")
                                    + " "
                                    + request.getHeader("Cookie")
                                    + " "
                                    + body)));
    HttpClient http2 =
        proxy.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    RequestOptions post =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(proxy.port())
            .addHeader("cookie", "a=1")
            .addHeader("cookie", "b=2");

    Buffer streamed =
        ProxyFixture.await(
            http2
                .request(post)
                .compose(
                    request -> {
                      request.setChunked(true).write("in two ");
                      request.end("parts");
                      return request.response().compose(response -> response.body());
                    }));
    Buffer empty =
        ProxyFixture.await(
            http2
                .request(post)
                .compose(request -> request.send().compose(response -> response.body())));
    Buffer get =
        ProxyFixture.await(
            http2
                .request(new RequestOptions(post).setMethod(HttpMethod.GET))
                .compose(request -> request.send().compose(response -> response.body())));

    assertEquals("chunked null a=1; b=2 in two parts", streamed.toString());
    assertEquals("null 0 a=1; b=2 ", empty.toString());
    assertEquals("null null a=1; b=2 ", get.toString());
  }

  @Test
  void passesTrailersToHttp2Clients() throws Exception {
    proxy.served(
        request -> {
          request.response().setChunked(true).putTrailer("sum", "42");
          request.response().end("body");
        });
    HttpClient http2 =
        proxy.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));

    String trailer =
        ProxyFixture.await(
            http2
                .request(HttpMethod.GET, proxy.port(), "127.0.0.1", "/")
                .compose(
                    request ->
                        request
                            .send()
                            .compose(
                                response ->
                                    response.body().map(body -> response.getTrailer("sum")))));

    assertEquals("42", trailer);
  }
}
