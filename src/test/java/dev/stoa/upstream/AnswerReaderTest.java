package dev.stoa.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.http.OctetNotation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerReaderTest {
  private static final int MIN_CASES = 150;

  /** Up to here each is cut at every octet; a longer one here and there. */
  private static final int SHORT = 400;

  record Row(String name, String asked, String read, byte[] bytes) {
    static Row parse(String line) {
      String[] cells = line.split(" \\| ", 4);
      return new Row(
          cells[0],
          cells[1],
          new String(OctetNotation.octets(cells[2]), ISO_8859_1),
          OctetNotation.octets(cells[3]));
    }

    /** Where it is cut in two, one way after another. */
    int step() {
      return bytes.length <= SHORT ? 1 : Math.max(1, bytes.length / 50);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() throws IOException {
    try (var in = AnswerReaderTest.class.getResourceAsStream("/upstream/answers.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(Row::parse)
          .toList();
    }
  }

  @Test
  void isLongEnough() throws IOException {
    assertTrue(rows().size() >= MIN_CASES);
    assertEquals(rows().size(), rows().stream().map(Row::name).distinct().count());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void readsItInOnePiece(Row row) {
    assertEquals(row.read(), Reading.of(row.asked(), List.of(row.bytes())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void readsItOctetByOctet(Row row) {
    List<byte[]> pieces = new ArrayList<>();
    for (byte octet : row.bytes()) {
      pieces.add(new byte[] {octet});
    }

    assertEquals(row.read(), Reading.of(row.asked(), pieces));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void readsItInTwoPiecesHoweverItIsCut(Row row) {
    for (int cut = 1; cut < row.bytes().length; cut += row.step()) {
      assertEquals(row.read(), Reading.of(row.asked(), Reading.cut(row.bytes(), cut)), "at " + cut);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void oneBeforeItLeavesNothingBehind(Row row) {
    Reading reading = new Reading();
    reading.begin("GET");
    reading.take(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n"
            .getBytes(ISO_8859_1));
    assertEquals("200 x{A: b}", reading.toString());

    reading.begin(row.asked());
    reading.take(row.bytes());

    assertEquals(row.read(), reading.toString());
  }

  @Test
  void fieldsAreAsTheyWereWritten() {
    Reading reading = new Reading();
    reading.begin("GET");
    reading.take(
        "HTTP/1.1 299 Well\r\nset-cookie: a=1\r\nSet-Cookie:b=2 \r\nX : \u00e9 \tb \r\n\r\n"
            .getBytes(ISO_8859_1));

    assertEquals("299 Well[set-cookie: a=1, Set-Cookie: b=2, X: \u00e9 \tb]", reading.head());
    assertEquals(List.of("a=1", "b=2"), reading.fields().getAll("SET-COOKIE"));
    assertEquals("\u00e9 \tb", reading.fields().get("x"));
  }
}
