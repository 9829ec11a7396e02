package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminEventsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final GatewayFixture gateway =
      new GatewayFixture(
          """
          {"routes": [
            {"name": "shop", "path": "/shop/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none"}
          ]}""");

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void isForAdminsOnly() throws Exception {
    for (String path : new String[] {EventsEndpoint.PATH, Lookout.PATH}) {
      assertEquals(401, gateway.get(path).send().status());
      assertEquals(
          403, gateway.get(path).header("Authorization", gateway.bearer("u")).send().status());
    }
  }

  @Test
  void theMapShowsWhatWentThroughARouteToWhichInstance() {
    Eventually.within(
        PATIENCE,
        () -> "requests in " + traffic().encodePrettily(),
        () -> {
          send(gateway.get("/shop/1"));
          JsonObject service = only(traffic().getJsonArray("services"));
          return service != null
              && service.getDouble("rate") > 0
              && only(service.getJsonArray("instances")).getDouble("rate") > 0;
        });

    JsonObject map = traffic();
    assertEquals("route:shop", only(map.getJsonArray("services")).getString("name"));
    assertTrue(map.getJsonObject("gateway").getDouble("p99_ms") > 0, map::encode);
    assertEquals("shop", map.getJsonArray("routes").getJsonObject(0).getString("name"));
  }

  @Test
  void tellsOfAnInstanceThatComesWhileItIsFollowed() throws Exception {
    try (Stream stream = new Stream("")) {
      gateway.register("parcels");

      String event = stream.awaitLine("\"subject\":\"parcels-");
      assertTrue(event.contains("\"kind\":\"instance\""), event);
      assertTrue(event.contains("\"to\":\"up\""), event);
    }
  }

  @Test
  void whoeverComesBackIsToldWhatHappenedMeanwhileAndNothingTwice() throws Exception {
    add("first");
    String id;
    try (Stream stream = new Stream("")) {
      id = stream.idBefore("\"subject\":\"first\"");
    }
    add("second");

    try (Stream stream = new Stream("Last-Event-ID: " + id + "\r\n")) {
      stream.awaitLine("\"subject\":\"second\"");
      assertFalse(stream.read.toString().contains("\"subject\":\"first\""), stream.read::toString);
    }
  }

  @Test
  void aClientThatDoesNotReadIsLetGoAndOthersGoOn() throws Exception {
    String long10k = "x".repeat(10_000);
    try (Stream lazy = new Stream("");
        Stream other = new Stream("")) {
      Thread reader = new Thread(() -> other.readAll());
      reader.start();
      Eventually.within(
          PATIENCE,
          "the lazy one's end",
          () -> {
            for (int i = 0; i < 100; i++) {
              add(long10k);
            }
            return lazy.hasEnded();
          });
      add("after");

      Eventually.within(PATIENCE, "the last one", () -> other.has("\"subject\":\"after\""));
    }
  }

  @Test
  void endsWhenTheGatewayStopsRatherThanHoldItUp() throws Exception {
    try (Stream stream = new Stream("")) {
      stream.awaitLine("event: traffic");

      long begin = System.nanoTime();
      GatewayFixture.await(gateway.stop());

      assertTrue(stream.awaitLine("reason").contains("the gateway stops"));
      long drain = gateway.config.get().drainTimeout().toNanos();
      assertTrue(System.nanoTime() - begin < drain, "waited for the streams");
    }
  }

  private void add(String subject) {
    gateway
        .lookout
        .log()
        .add(new StateChange(Instant.now(), "node", "saga", subject, "", "needs_attention", ""));
  }

  private JsonObject traffic() {
    RawRequest request = gateway.get(Lookout.PATH);
    return new JsonObject(
        send(request.header("Authorization", gateway.bearer("root", "admin"))).body());
  }

  private static RawResponse send(RawRequest request) {
    try {
      return request.send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject only(JsonArray array) {
    return array == null || array.isEmpty() ? null : array.getJsonObject(0);
  }

  /** A client that reads as slowly as the test wants. */
  private final class Stream implements AutoCloseable {
    final StringBuffer read = new StringBuffer();
    private final Socket socket;
    private final BufferedReader in;

    Stream(String headers) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      String request =
          "GET %s HTTP/1.1\r\nHost: stoa\r\nAuthorization: %s\r\n%s\r\n"
              .formatted(EventsEndpoint.PATH, gateway.bearer("root", "admin"), headers);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertEquals("HTTP/1.1 200 OK", in.readLine());
    }

    String awaitLine(String part) throws IOException {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        read.append(line).append('\n');
        if (line.contains(part)) {
          return line;
        }
      }
      throw new AssertionError("no " + part + " in " + read);
    }

    String idBefore(String part) throws IOException {
      awaitLine(part);
      int id = read.lastIndexOf("id: ") + 4;
      return read.substring(id, read.indexOf("\n", id));
    }

    void readAll() {
      try {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (line.contains("after")) {
            read.append(line);
          }
        }
      } catch (IOException closed) {
        read.append("closed");
      }
    }

    boolean has(String part) {
      return read.indexOf(part) >= 0;
    }

    /** Whether the other end has closed it: what is written then comes back as a reset. */
    boolean hasEnded() {
      try {
        socket.getOutputStream().write('\n');
        return false;
      } catch (IOException reset) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
