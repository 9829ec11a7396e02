package dev.stoa.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stoa.problem.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpScannerTest {
  private static final HeadLimits LIMITS = new HeadLimits(8_192, 16_384);
  private static final String TWO_REQUESTS =
      "POST /a?b=c HTTP/1.1\r\nHost: shop.example:8000\r\nX-Long-Name-Of-A-Field: \t~ é\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"
          + "PUT /d HTTP/1.1\r\nHost: shop.example:8000\r\nContent-Length: 3\r\n\r\nabc";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 2_048})
  void readsTheSameHoweverLittleItLooksAtAtATime(int window) {
    HttpScanner scanner = new HttpScanner(new byte[window], LIMITS);

    scanner.scan(bytes(TWO_REQUESTS), new ArrayList<>());

    assertEquals(2, scanner.heads());
    assertEquals(8, scanner.bodyBytes());
    assertEquals(TWO_REQUESTS.length(), scanner.position());
    assertFalse(scanner.inHead() || scanner.inBody());
  }

  @Test
  void readsTheSameWhereverItIsCut() {
    for (int cut = 1; cut < TWO_REQUESTS.length(); cut++) {
      HttpScanner scanner = new HttpScanner(new byte[16], LIMITS);

      scanner.scan(bytes(TWO_REQUESTS.substring(0, cut)), new ArrayList<>());
      scanner.scan(bytes(TWO_REQUESTS.substring(cut)), new ArrayList<>());

      assertEquals(2, scanner.heads(), "cut at " + cut);
      assertEquals(8, scanner.bodyBytes(), "cut at " + cut);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a#b\u00e9 HTTP/1.1, 8",
    "GET  /a HTTP/1.1, 4",
    "'GET /a HTTP/1.1\r\nHo st: x\r\n', 19",
    "'GET /a HTTP/1.1\r\nHost: x\u007fy\r\n', 24",
    "'GET /a HTTP/1.1\r\nHost: a\nb\r\n', 24"
  })
  void refusesWithTheFirstOctetThatIsNoHttp(String text, int at) {
    for (int window : new int[] {1, 4, 2_048}) {
      HttpScanner whole = new HttpScanner(new byte[window], LIMITS);
      HttpScanner cut = new HttpScanner(new byte[window], LIMITS);
      ByteBuf wrong = bytes(text.substring(at, at + 1));

      cut.scan(bytes(text.substring(0, at)), new ArrayList<>());

      assertThrows(ProblemException.class, () -> cut.scan(wrong, new ArrayList<>()));
      assertThrows(ProblemException.class, () -> whole.scan(bytes(text), new ArrayList<>()));
    }
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
