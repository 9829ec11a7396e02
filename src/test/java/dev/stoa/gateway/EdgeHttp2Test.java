package dev.stoa.gateway;

import static dev.stoa.gateway.FrameTalk.CONTINUATION;
import static dev.stoa.gateway.FrameTalk.DATA;
import static dev.stoa.gateway.FrameTalk.END_HEADERS;
import static dev.stoa.gateway.FrameTalk.END_STREAM;
import static dev.stoa.gateway.FrameTalk.HEADERS;
import static dev.stoa.gateway.FrameTalk.PING;
import static dev.stoa.gateway.FrameTalk.RST_STREAM;
import static dev.stoa.gateway.FrameTalk.SETTINGS;
import static dev.stoa.gateway.FrameTalk.block;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests over HTTP/2 that could become others over HTTP/1.1, and floods of its frames. */
class EdgeHttp2Test {
  private static final String ROUTES =
      """
      {"gateway": {"http2": true, "header_timeout": "1s", "max_body": 1000},
       "routes": [{"name": "open", "path": "/open/*", "target": "http://127.0.0.1:%d",
                   "auth": "none", "rate_limit": "none"}]}
      """;
  private static final Set<String> REFUSED = Set.of("reset", "closed", "400", "405", "417", "431");
  private static final byte[] GET = block(fields().toArray(String[]::new));

  private static RecordingUpstream upstream;
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws IOException {
    upstream = new RecordingUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    gateway = new GatewayFixture(ROUTES.formatted(upstream.port()));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    upstream.close();
  }

  @AfterEach
  void stillServesOthers() throws IOException {
    upstream.take();
    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      assertEquals("200", get(talk, 1).outcome(1));
    }
    assertEquals(1, upstream.take().size());
  }

  private static FrameTalk get(FrameTalk talk, int stream) throws IOException {
    return talk.frame(HEADERS, END_HEADERS | END_STREAM, stream, GET);
  }

  static Stream<List<String>> bad() {
    return Stream.of(
        fields("connection", "close"),
        fields("connection", "x-a", "x-a", "b"),
        fields("keep-alive", "timeout=5"),
        fields("proxy-connection", "keep-alive"),
        fields("transfer-encoding", "chunked"),
        fields("upgrade", "websocket"),
        fields("te", "gzip"),
        fields("X-A", "b"),
        fields("x a", "b"),
        fields("x:a", "b"),
        fields("x-a\r\nx-b", "c"),
        fields("x-a\0", "b"),
        fields("", "b"),
        fields("x-a", "b\r\nx-c: d"),
        fields("x-a", "b\nx-c: d"),
        fields("x-a", "b\rx-c"),
        fields("x-a", "b\0c"),
        fields("content-length", "5"),
        fields("content-length", "-1"),
        fields("content-length", "0", "content-length", "5"),
        fields("content-length", "+0"),
        fields("host", "other.test"),
        fields("authorization", "a", "authorization", "b"),
        fields("expect", "x"),
        fields(":path", "/open/y"),
        fields(":status", "200"),
        fields(":x", "y"),
        List.of(":method", "GET", ":scheme", "http", "x-a", "b", ":path", "/open/x"),
        without(":method"),
        without(":path"),
        without(":scheme"),
        without(":authority"),
        without(":scheme", ":path"),
        changed(":path", ""),
        changed(":path", "open/x"),
        changed(":path", "*"),
        changed(":path", "http://other.test/open/x"),
        changed(":path", "/open/x HTTP/1.1\r\nx-a: b"),
        changed(":path", "/open/x y"),
        changed(":path", "/open/\0"),
        changed(":path", "/open/../x"),
        changed(":path", "/open/x#y"),
        changed(":method", ""),
        changed(":method", "GET /open/y HTTP/1.1\r\nx-a: b\r\n\r\nGET"),
        changed(":method", "GE T"),
        changed(":method", "TRACE"),
        changed(":method", "CONNECT"),
        changed(":authority", ""),
        changed(":authority", "user@gateway.test"),
        changed(":authority", "gateway.test/x"),
        changed(":authority", "a b"),
        changed(":authority", "a\r\nx-a: b"),
        changed(":authority", "a,b"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refuses(List<String> fields) throws IOException {
    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      byte[] head = block(fields.toArray(String[]::new));
      String outcome = talk.frame(HEADERS, END_HEADERS | END_STREAM, 1, head).outcome(1);

      assertTrue(REFUSED.contains(outcome), outcome);
    }
    assertEquals(List.of(), upstream.take());
  }

  @Test
  void forwardsInTheOneFormOfHttp1() throws IOException {
    List<String> fields =
        fields("x-a", "b", "te", "trailers", "cookie", "a=b", "cookie", "c=d", "x-user-id", "1");
    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      byte[] head = block(fields.toArray(String[]::new));
      assertEquals("200", talk.frame(HEADERS, END_HEADERS | END_STREAM, 1, head).outcome(1));
    }

    String seen = upstream.take().get(0);
    String host = "Host: 127.0.0.1:" + upstream.port() + "\r\n";
    assertTrue(seen.startsWith("GET /open/x HTTP/1.1\r\n" + host + "x-a: b\r\n"), seen);
    assertTrue(seen.contains("\r\ncookie: a=b; c=d\r\n"), seen);
    assertTrue(seen.contains("\r\nX-Forwarded-Host: gateway.test\r\n"), seen);
    assertEquals(-1, seen.indexOf("x-user-id"), seen);
    assertEquals(-1, seen.indexOf("\r\n:"), seen);
  }

  @Test
  void aBodyThatIsNotAsLongAsItSaysIsNoRequest() throws IOException {
    for (int bytes : new int[] {4, 6}) {
      try (FrameTalk talk = FrameTalk.to(gateway.port())) {
        List<String> fields = new ArrayList<>(changed(":method", "POST"));
        fields.addAll(List.of("content-length", "5"));
        talk.frame(HEADERS, END_HEADERS, 1, block(fields.toArray(String[]::new)));
        talk.frame(DATA, END_STREAM, 1, new byte[bytes]);

        assertTrue(REFUSED.contains(talk.outcome(1)));
      }
    }

    assertEquals(List.of(), upstream.take());
  }

  @Test
  void requestsThatAreTakenBackAtOnceEndTheConnection() throws IOException {
    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      boolean ended =
          floods(talk, i -> get(talk, 2 * i + 1).frame(RST_STREAM, 0, 2 * i + 1, new byte[4]));

      assertTrue(ended);
    }
    assertTrue(upstream.take().size() <= 500, "as few as were let in before it was noticed");
  }

  @Test
  void headersThatDoNotEndEndTheConnection() throws IOException {
    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      talk.frame(HEADERS, END_STREAM, 1, GET);

      assertTrue(floods(talk, i -> talk.frame(CONTINUATION, 0, 1, new byte[0])));
    }
    assertEquals(List.of(), upstream.take());
  }

  @Test
  void headersThatComeTooSlowlyEndTheConnection() throws IOException {
    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      talk.frame(HEADERS, END_STREAM, 1, GET);

      assertEquals("closed", talk.outcome(1));
    }
    assertEquals(List.of(), upstream.take());
  }

  @Test
  void aPrefaceThatComesTooSlowlyEndsTheConnection() throws IOException {
    try (Talk talk = Talk.to(gateway.port())) {
      assertEquals("", talk.say("PRI * HTTP/2.0\r\n").rest());
    }
  }

  @Test
  void pingsSettingsAndEmptyDataEndTheConnection() throws IOException {
    try (FrameTalk pings = FrameTalk.to(gateway.port());
        FrameTalk settings = FrameTalk.to(gateway.port());
        FrameTalk data = FrameTalk.to(gateway.port())) {
      data.frame(HEADERS, END_HEADERS, 1, block(changed(":method", "POST").toArray(String[]::new)));

      assertTrue(floods(pings, i -> pings.frame(PING, 0, 0, new byte[8])));
      assertTrue(floods(settings, i -> settings.frame(SETTINGS, 0, 0, new byte[0])));
      assertTrue(floods(data, i -> data.frame(DATA, 0, 1, new byte[0])));
    }
    assertEquals(List.of(), upstream.take());
  }

  /** One field in the dynamic table, named by one octet a thousand times (RFC 7541, 7.3). */
  @Test
  void aFieldThatIsRepeatedOutOfTheTableIsNoBomb() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.writeBytes(GET);
    byte[] literal = block("x-a", "b".repeat(3_000));
    literal[0] = 0x40;
    bomb.writeBytes(literal);
    byte[] again = new byte[4_000];
    Arrays.fill(again, (byte) 0xbe);
    bomb.writeBytes(again);

    try (FrameTalk talk = FrameTalk.to(gateway.port())) {
      talk.frame(HEADERS, END_HEADERS | END_STREAM, 1, bomb.toByteArray());

      assertTrue(REFUSED.contains(talk.outcome(1)));
    }
    assertEquals(List.of(), upstream.take());
  }

  private interface Wave {
    void send(int i) throws IOException;
  }

  /** Whether the other side ends it before 5,000 waves have come. */
  private static boolean floods(FrameTalk talk, Wave wave) throws IOException {
    try {
      for (int i = 1; i < 5_000; i++) {
        wave.send(i);
      }
    } catch (java.net.SocketException ended) {
      return true;
    }
    return talk.outcome(Integer.MAX_VALUE).equals("closed");
  }

  private static List<String> fields(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", "GET",
                ":scheme", "http",
                ":path", "/open/x",
                ":authority", "gateway.test"));
    all.addAll(List.of(more));
    return all;
  }

  private static List<String> without(String... names) {
    List<String> all = fields();
    for (String name : names) {
      int at = all.indexOf(name);
      all.subList(at, at + 2).clear();
    }
    return all;
  }

  private static List<String> changed(String name, String value) {
    List<String> all = fields();
    all.set(all.indexOf(name) + 1, value);
    return all;
  }
}
