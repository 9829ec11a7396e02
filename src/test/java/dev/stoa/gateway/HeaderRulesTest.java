package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.upstream.Fields;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeaderRulesTest {
  private final ProxyFixture proxy = new ProxyFixture();
  private final BlockingQueue<MultiMap> received = new LinkedBlockingQueue<>();
  private volatile String answer = "";

  @BeforeEach
  void upstream() throws Exception {
    proxy.scripted(
        up -> {
          received.add(parse(up.head()));
          up.say(
                  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                      + answer.replaceAll("\r?\n", "\r\n")
                      + "\r\n")
              .untilGone();
        });
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private static MultiMap parse(String head) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    head.lines()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .forEach(line -> headers.add(line.split(": ", 2)[0], line.split(": ", 2)[1]));
    return headers;
  }

  private MultiMap asked(String headers) throws Exception {
    exchanged(headers);
    return received.poll(10, TimeUnit.SECONDS);
  }

  private MultiMap exchanged(String headers) throws Exception {
    try (Talk client = proxy.client()) {
      return parse(
          client
              .say(
                  "GET /x HTTP/1.1\r\nHost: front:8000\r\n"
                      + headers.replaceAll("\r?\n", "\r\n")
                      + "\r\n")
              .head());
    }
  }

  /** What the reader of answers takes, the server that writes them does not refuse. */
  @Test
  void everyNameAndValueThatIsWellFormedReachesTheClient() throws Exception {
    StringBuilder name = new StringBuilder("X-!#$%&'*+.^_`|~");
    StringBuilder value = new StringBuilder("a\t ");
    for (char c = 0x21; c <= 0xff; c++) {
      value.append(c == 0x7f ? "" : c);
    }
    answer = name + ": " + value + "\r\n";

    assertEquals(value.toString(), exchanged("").get(name.toString()));
  }

  @Test
  void whatIsAboutOneConnectionStaysOnIt() throws Exception {
    MultiMap seen =
        asked(
            """
            Connection: keep-alive, X-Secret, Content-Length
            Connection: x-other
            Content-Length: 0
            X-Secret: 1
            X-Other: 2
            X-Kept: 3
            Keep-Alive: timeout=5
            Proxy-Authorization: Basic eDp5
            Proxy-Connection: keep-alive
            TE: gzip
            Trailer: Sum
            Upgrade: gopher
            HTTP2-Settings: AAMAAABk
            """);

    assertEquals(
        List.of(
            "content-length",
            "forwarded",
            "host",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-kept"),
        seen.names().stream().map(String::toLowerCase).sorted().toList());
  }

  @Test
  void theSameHoldsForTheAnswer() throws Exception {
    answer =
        """
        Connection: X-Internal
        X-Internal: 1
        Keep-Alive: timeout=5
        Proxy-Authenticate: Basic
        Trailer: Sum
        Upgrade: h2c
        X-Kept: 3
        """;

    MultiMap seen = exchanged("");

    assertEquals(
        List.of("content-length", "via", "x-kept"),
        seen.names().stream().map(String::toLowerCase).sorted().toList());
  }

  @Test
  void saysWhoAskedAndHow() throws Exception {
    MultiMap seen = asked("X-Request-Id: abc\r\nUser-Agent: test\r\n");

    assertEquals("shop.test", seen.get("Host"));
    assertEquals("127.0.0.1", seen.get("X-Forwarded-For"));
    assertEquals("http", seen.get("X-Forwarded-Proto"));
    assertEquals("front:8000", seen.get("X-Forwarded-Host"));
    assertEquals("for=127.0.0.1;proto=http;host=\"front:8000\"", seen.get("Forwarded"));
    assertEquals("1.1 stoa", seen.get("Via"));
    assertEquals("abc", seen.get("X-Request-Id"));
    assertEquals("test", seen.get("User-Agent"));
  }

  private static final String CLAIMS =
      "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\nX-Forwarded-Proto: https\r\n"
          + "X-Forwarded-Host: evil\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"
          + "Via: 1.0 other\r\n";

  @Test
  void whatAClientClaimsAboutItselfIsReplaced() throws Exception {
    MultiMap seen = asked(CLAIMS);

    assertEquals(List.of("127.0.0.1"), seen.getAll("X-Forwarded-For"));
    assertEquals(List.of("http"), seen.getAll("X-Forwarded-Proto"));
    assertEquals(List.of("front:8000"), seen.getAll("X-Forwarded-Host"));
    assertEquals(List.of("for=127.0.0.1;proto=http;host=\"front:8000\""), seen.getAll("Forwarded"));
    assertEquals(List.of(), seen.getAll("X-Real-IP"));
    assertEquals(List.of("1.0 other", "1.1 stoa"), seen.getAll("Via"));
  }

  @Test
  void whatATrustedProxySaysIsContinued() throws Exception {
    proxy.trustForwarded = true;

    MultiMap seen = asked(CLAIMS);

    assertEquals(List.of("6.6.6.6, 7.7.7.7, 127.0.0.1"), seen.getAll("X-Forwarded-For"));
    assertEquals(List.of("https"), seen.getAll("X-Forwarded-Proto"));
    assertEquals(List.of("evil"), seen.getAll("X-Forwarded-Host"));
    assertEquals(
        List.of("for=6.6.6.6, for=127.0.0.1;proto=http;host=\"front:8000\""),
        seen.getAll("Forwarded"));
  }

  @Test
  void aNominationCannotRemoveWhatTheGatewaySays() throws Exception {
    proxy.setHeaders = Map.of("X-User", "42");

    MultiMap seen = asked("Connection: X-Forwarded-For, X-User, Host\r\nX-User: 1\r\n");

    assertEquals(List.of("127.0.0.1"), seen.getAll("X-Forwarded-For"));
    assertEquals(List.of("42"), seen.getAll("X-User"));
    assertEquals(List.of("shop.test"), seen.getAll("Host"));
  }

  @Test
  void theRoutesHeadersReplaceTheClients() throws Exception {
    proxy.setHeaders = Map.of("X-User", "42", "Authorization", "");

    MultiMap seen = asked("x-user: 1\r\nX-USER: 2\r\nAuthorization: Bearer x\r\n");

    assertEquals(List.of("42"), seen.getAll("X-User"));
    assertEquals(List.of(), seen.getAll("Authorization"));
  }

  @Test
  void repeatedFieldsStaySeparate() throws Exception {
    answer = "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nWWW-Authenticate: A\r\n";

    MultiMap seen = exchanged("");

    assertEquals(List.of("a=1; Path=/", "b=2"), seen.getAll("Set-Cookie"));
    assertEquals(List.of("A"), seen.getAll("WWW-Authenticate"));
  }

  @Test
  void theFilterChainsHeadersTakeThePlaceOfTheUpstreams() throws Exception {
    proxy.preset = Map.of("Access-Control-Allow-Origin", "https://shop.test", "Vary", "Origin");
    answer = "Access-Control-Allow-Origin: *\r\nVary: Accept\r\nX-Up: 1\r\n";

    MultiMap seen = exchanged("");

    assertEquals(List.of("https://shop.test"), seen.getAll("Access-Control-Allow-Origin"));
    assertEquals(List.of("Origin", "Accept"), seen.getAll("Vary"));
    assertEquals("1", seen.get("X-Up"));
  }

  @Test
  void anIpv6PeerIsQuoted() {
    assertEquals(
        "for=\"[2001:db8::1]\";proto=https", Forwarding.element("2001:db8::1", null, "https"));
    assertEquals(
        "for=192.0.2.1;proto=http;host=\"a\\\"b\"",
        Forwarding.element("192.0.2.1", "a\"b", "http"));
  }

  @Test
  void trailersCarryNoFraming() {
    Fields trailers = new Fields();
    trailers.add("Sum", "1");
    trailers.add("Content-Length", "5");
    trailers.add("Transfer-Encoding", "chunked");
    MultiMap out = HttpHeaders.headers();

    HeaderRules.trailers(trailers, out);

    assertEquals(1, out.size());
    assertEquals("1", out.get("Sum"));
  }
}
