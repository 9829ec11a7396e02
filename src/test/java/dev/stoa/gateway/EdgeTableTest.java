package dev.stoa.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.stoa.http.OctetNotation;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table {@code edge/http1.txt}, row by row, through a whole gateway over real sockets. Behind
 * every row one more request is sent on the same connection: if client, gateway and upstream do not
 * agree where a message ends, it shows there.
 */
class EdgeTableTest {
  private static final String ROUTES =
      """
      {"gateway": {"max_body": 100, "http2": %s},
       "routes": [{"name": "open", "path": "/open/*", "target": "http://127.0.0.1:%d",
                   "auth": "none", "rate_limit": "none"}]}
      """;
  private static final int MIN_CASES = 150;
  private static final int WAIT_MILLIS = 200;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");

  /** The two fields that differ from one request to the next, in whichever order. */
  private static final String ID_FIELD = "X-Request-Id: [A-Za-z0-9._-]{1,64}\r\n";

  private static final String TIME_FIELD = "X-Request-Timeout-Ms: [0-9]{1,5}\r\n";
  private static final Pattern ID =
      Pattern.compile(ID_FIELD + TIME_FIELD + "|" + TIME_FIELD + ID_FIELD);

  private static RecordingUpstream upstream;
  private static GatewayFixture gateway;
  private static GatewayFixture both; // speaks HTTP/2 as well

  record Row(String name, String answer, String upstream, String sent) {
    static Row parse(String line) {
      String[] cells = line.split(" \\| ", 4);
      return new Row(cells[0], cells[1], cells[2], cells[3]);
    }

    boolean goesOn() {
      return answer.endsWith("+");
    }

    String statuses() {
      return goesOn() ? answer.replace("+", " 200") : answer;
    }

    List<String> requests() {
      List<String> requests = new ArrayList<>();
      if (!upstream.equals("-")) {
        Stream.of(upstream.split(" & ")).map(EdgeTableTest::forwarded).forEach(requests::add);
      }
      if (goesOn()) {
        requests.add(forwarded("GET /open/behind HTTP/1.1¶{F}¶"));
      }
      return requests;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() throws IOException {
    try (var in = EdgeTableTest.class.getResourceAsStream("/edge/http1.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(Row::parse)
          .toList();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    upstream = new RecordingUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    gateway = new GatewayFixture(ROUTES.formatted(false, upstream.port()));
    both = new GatewayFixture(ROUTES.formatted(true, upstream.port()));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    both.close();
    List<String> late = upstream.take();
    upstream.close();
    assertEquals(List.of(), late, "forwarded after its case was over");
  }

  @Test
  void isLongEnough() throws IOException {
    assertTrue(rows().size() >= MIN_CASES);
    assertEquals(rows().size(), rows().stream().map(Row::name).distinct().count());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void answersAndForwards(Row row) throws IOException {
    answersAndForwards(row, gateway);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void doesSoBesideHttp2(Row row) throws IOException {
    assumeFalse(row.sent().startsWith("PRI "), "there it is what it looks like");

    answersAndForwards(row, both);
  }

  private static void answersAndForwards(Row row, GatewayFixture at) throws IOException {
    String answer = exchange(row, at);

    assertEquals(row.statuses(), answer);
    assertEquals(
        row.requests(),
        upstream.take().stream()
            .map(request -> ID.matcher(request).replaceFirst("X-Request-Id: ID\r\n"))
            .toList());
  }

  private static String exchange(Row row, GatewayFixture at) throws IOException {
    boolean waits = row.answer().equals("wait");
    String behind = waits ? "" : "GET /open/behind HTTP/1.1¶{H}Connection: close¶¶";
    try (Talk client = Talk.to(at.port())) {
      client.socket().setSoTimeout(waits ? WAIT_MILLIS : 15_000);
      client.say(bytes(row.sent() + behind));
      return statuses(client);
    }
  }

  /** What is answered until the connection ends, one way or the other. */
  private static String statuses(Talk client) throws IOException {
    StringBuilder read = new StringBuilder();
    try {
      for (int next = client.in().read(); next >= 0; next = client.in().read()) {
        read.append((char) next);
      }
    } catch (SocketTimeoutException waiting) {
      return "wait" + read;
    } catch (SocketException reset) {
      // an end like any other, here
    }
    List<String> statuses = STATUS.matcher(read).results().map(found -> found.group(1)).toList();
    return statuses.isEmpty() ? "closed" : String.join(" ", statuses);
  }

  /** What the upstream sees: its own name comes first (RFC 9112, section 3.2). */
  private static String forwarded(String cell) {
    String host = "¶Host: 127.0.0.1:" + upstream.port() + "¶";
    return bytes(cell.replaceFirst("¶", host));
  }

  private static String bytes(String cell) {
    String host = "X-Forwarded-Host: gateway.test¶";
    String shown = ";host=\"gateway.test\"";
    String text =
        cell.replace("{F}", added("1.1", host, shown))
            .replace("{F1.0}", added("1.0", host, shown))
            .replace("{F0}", added("1.0", "", ""))
            .replace("{S}", "GET /open/smuggled HTTP/1.1¶{H}")
            .replace("{H}", "Host: gateway.test¶");
    return new String(OctetNotation.octets(text), ISO_8859_1);
  }

  private static String added(String version, String host, String shown) {
    return "X-Forwarded-For: 127.0.0.1¶X-Forwarded-Proto: http¶"
        + host
        + "Forwarded: for=127.0.0.1;proto=http"
        + shown
        + "¶Via: "
        + version
        + " stoa¶X-Request-Id: ID¶";
  }
}
