package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Reloads, idle connections and stopping. */
class GatewayLifeTest {
  private static final String ROUTES =
      """
      {"gateway": {"keep_alive": "300ms", "drain_timeout": "5s"},
       "routes": [{"name": "NAME", "path": "/PATH/*", "target": "http://127.0.0.1:UPSTREAM",
                   "auth": "none", "rate_limit": "none"}]}
      """;

  /** So that nobody is idle who only has to wait for the machine between connect and request. */
  private static String patient(String config) {
    return config.replace("300ms", "60s");
  }

  @Test
  void reloadsWhileRequestsFlow() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(patient(routes("a", "both")))) {
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService clients = Executors.newFixedThreadPool(2);
      List<java.util.concurrent.Future<Integer>> answered = new ArrayList<>();
      for (int c = 0; c < 2; c++) {
        answered.add(
            clients.submit(
                () -> {
                  int count = 0;
                  while (!done.get()) {
                    assertEquals(200, gateway.get("/both/x").send().status());
                    count++;
                  }
                  return count;
                }));
      }

      for (int i = 0; i < 200; i++) {
        gateway.reload(patient(routes(i % 2 == 0 ? "b" : "a", "both")));
        assertEquals(200, gateway.get("/both/x").send().status());
      }
      done.set(true);

      for (java.util.concurrent.Future<Integer> count : answered) {
        assertTrue(count.get() > 0);
      }
      clients.shutdown();
      gateway.reload(patient(routes("c", "other")));
      assertEquals(200, gateway.get("/other/x").send().status());
      assertEquals(404, gateway.get("/both/x").send().status());
    }
  }

  @Test
  void closesConnectionsWithoutRequests() throws IOException {
    try (GatewayFixture gateway = new GatewayFixture(routes("a", "a"));
        Socket silent = new Socket("127.0.0.1", gateway.port());
        Socket slow = new Socket("127.0.0.1", gateway.port())) {
      silent.setSoTimeout(10_000);
      slow.setSoTimeout(10_000);
      slow.getOutputStream().write("GET / HTTP/1.1\r\nHost:".getBytes());

      assertEquals(-1, silent.getInputStream().read());
      assertEquals(-1, slow.getInputStream().read());
    }
  }

  @Test
  void keepsConnectionsWithAnExchangeRunning() throws Exception {
    BlockingQueue<HttpServerRequest> arrived = new LinkedBlockingQueue<>();
    try (GatewayFixture gateway = new GatewayFixture(routes("a", "a"), arrived::add)) {
      Future<RawResponse> response =
          gateway.vertx.executeBlocking(() -> gateway.get("/a/x").send());
      HttpServerRequest waiting = arrived.poll(10, TimeUnit.SECONDS);

      gateway.vertx.setTimer(1_500, id -> waiting.response().end("late"));

      assertEquals("late", GatewayFixture.await(response).body());
    }
  }

  @Test
  void letsRunningExchangesEndBeforeItStops() throws Exception {
    BlockingQueue<HttpServerRequest> arrived = new LinkedBlockingQueue<>();
    try (GatewayFixture gateway = new GatewayFixture(routes("a", "a"), arrived::add)) {
      int port = gateway.port();
      Future<RawResponse> response =
          gateway.vertx.executeBlocking(() -> gateway.get("/a/x").send());
      HttpServerRequest running = arrived.poll(10, TimeUnit.SECONDS);

      Future<Void> stopped = gateway.stop();
      awaitRefusal(port);
      assertFalse(stopped.isComplete());
      running.response().end("done");

      RawResponse late = GatewayFixture.await(response);
      assertEquals("done", late.body());
      assertEquals("close", late.header("Connection"));
      GatewayFixture.await(stopped);
    }
  }

  @Test
  void whoKeepsAConnectionIsToldWithTheNextAnswerThatItEnds() throws IOException {
    try (GatewayFixture gateway = new GatewayFixture(routes("a", "a"));
        Socket kept = new Socket("127.0.0.1", gateway.port())) {
      kept.setSoTimeout(10_000);
      String before = ask(kept);
      gateway.stopping.set(true);
      String after = ask(kept);

      assertFalse(before.contains("connection: close"), before);
      assertTrue(after.startsWith("http/1.1 200"), after);
      assertTrue(after.contains("connection: close"), after);
      kept.getInputStream().readAllBytes(); // ends
      // Others come until the doors close.
      assertEquals(200, gateway.get("/a/x").send().status());
    }
  }

  /** The head of the answer, in small letters. */
  private static String ask(Socket socket) throws IOException {
    socket.getOutputStream().write("GET /a/x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertTrue(next >= 0, head::toString);
      head.append((char) next);
    }
    String fields = head.toString().toLowerCase(Locale.ROOT);
    int length = Integer.parseInt(fields.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
    socket.getInputStream().readNBytes(length);
    return fields;
  }

  @Test
  void overHttp2TheyAreToldAtOnceAndWhatIsOnItsWayIsAnswered() {
    try (GatewayFixture gateway =
        new GatewayFixture(
            routes("a", "a").replace("\"keep_alive\"", "\"http2\": true, \"keep_alive\""))) {
      HttpClientAgent client =
          gateway.vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));
      HttpClientConnection kept =
          GatewayFixture.await(
              client.connect(
                  new HttpConnectOptions().setHost("127.0.0.1").setPort(gateway.port())));
      Promise<GoAway> told = Promise.promise();
      kept.goAwayHandler(told::tryComplete);
      gateway.stopping.set(true);

      Future<Integer> status =
          kept.request(new RequestOptions().setURI("/a/x"))
              .compose(HttpClientRequest::send)
              .map(HttpClientResponse::statusCode);

      assertEquals(200, GatewayFixture.await(status));
      GoAway farewell = GatewayFixture.await(told.future());
      assertEquals(0, farewell.getErrorCode());
      assertEquals(Integer.MAX_VALUE, farewell.getLastStreamId());
      GatewayFixture.await(gateway.stop());
    }
  }

  private static void awaitRefusal(int port) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() < deadline) {
      try {
        new Socket("127.0.0.1", port).close();
      } catch (ConnectException refused) {
        return;
      } catch (SocketException reset) {
        // Met the listener while it closed.
        continue;
      }
    }
    fail("still accepts connections");
  }

  private static String routes(String name, String path) {
    return ROUTES.replace("NAME", name).replace("PATH", path);
  }
}
