package dev.stoa.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scanner lets through is what the decoder of Vert.x makes of the same octets. */
class DecoderDifferenceTest {
  private static final long SEED = 55;
  private static final int ROUNDS = 3_000;
  private static final HeadLimits LIMITS = new HeadLimits(8_192, 16_384);

  /** What has told two readers of one request apart before. */
  private static final List<String> MISCHIEF =
      List.of(
          "\r",
          "\n",
          "\r\n",
          "\r\n\r\n",
          " ",
          "\t",
          ":",
          ";",
          "\0",
          "\u007f",
          "\u0085",
          "\u00a0",
          "\u00e9",
          ",",
          "0",
          "+1",
          "-1",
          "0x",
          "chunked",
          "identity",
          "HTTP/1.1",
          "HTTP/1.0",
          "HTTP/2.0",
          "Host: other\r\n",
          "Content-Length: 4\r\n",
          "Content-Length: 004\r\n",
          "Content-Length : 4\r\n",
          "Content-~ength: 4\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding:\r\n",
          "transfer-encoding: Chunked\r\n",
          "Transfer-Encoding: x, chunked\r\n",
          " folded\r\n",
          "Sec-WebSocket-Key1: 1\r\n",
          "Trailer: X-T\r\n",
          "Upgrade: h2c\r\n",
          "Upgrade: websocket\r\n");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?q=%20|{} HTTP/1.0\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nhOST:a\r\nX:\r\nY: \t \r\nZ:  a\tb  \r\nX: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nLatin: \u00e9\u00ff\u0085\u00a0\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length:\t3 \r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n3;e=\"f\"\r\nabc\r\n000\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T: 1\r\nTrailer: x\r\n"
            + "X-T: 2\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
      })
  void makesTheSameMessages(String octets) {
    Recorder scanned = new Recorder();
    Recorder decoded = new Recorder();

    assertTrue(scan(octets, new Random(SEED), scanned), octets);
    decode(octets, decoded);

    assertFalse(decoded.failed());
    assertEquals(decoded.seen(), scanned.seen());
  }

  @Test
  void makesTheSameMessagesOfWhateverItLetsThrough() {
    Random random = new Random(SEED);
    int passed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String octets = RandomRequests.next(random);
      if (round % 3 > 0) {
        octets = broken(octets, random);
      }
      Recorder scanned = new Recorder();
      Recorder decoded = new Recorder();

      boolean whole = scan(octets, random, scanned);
      decode(octets, decoded);

      assertTrue(whole || round % 3 > 0, octets);
      passed += whole ? 1 : 0;
      assertAgree(whole, octets, scanned, decoded);
    }
    assertTrue(passed > ROUNDS / 3 && passed < ROUNDS * 9 / 10, "passed " + passed);
  }

  /** Before a refusal nothing was handed on that the decoder would have read otherwise. */
  private static void assertAgree(boolean whole, String octets, Recorder ours, Recorder theirs) {
    List<String> same = theirs.seen();
    if (!whole) {
      assertTrue(same.size() >= ours.seen().size(), octets);
      same = same.subList(0, ours.seen().size());
    }
    assertEquals(same, ours.seen().stream().map(DecoderDifferenceTest::misread).toList(), octets);
    if (whole) {
      assertFalse(theirs.failed(), octets);
      assertEquals(theirs.begun(), ours.begun(), octets);
    }
  }

  /** The decoder of Vert.x 5.0 takes {@code Content-?ype} for {@code Content-Type}. */
  private static String misread(String field) {
    return field
        .replaceFirst("^Content-.ype=", "Content-Type=")
        .replaceFirst("^content-.ype=", "content-type=");
  }

  @Test
  void whatIsAddedToAHeadLaterIsChecked() {
    List<HttpObject> out = new ArrayList<>();
    ByteBuf octets = bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    new HttpScanner(new byte[64], LIMITS).scan(octets, out);
    HttpRequest head = (HttpRequest) out.get(0);

    assertThrows(
        IllegalArgumentException.class, () -> head.headers().set("X-Forged", "a\r\nHost: b"));
  }

  /** Whether it was let through; in pieces, of which some end in the middle of everything. */
  private static boolean scan(String octets, Random random, Recorder out) {
    HttpScanner scanner = new HttpScanner(new byte[1 + random.nextInt(96)], LIMITS);
    int at = 0;
    while (at < octets.length()) {
      int end = Math.min(octets.length(), at + 1 + random.nextInt(64));
      List<HttpObject> messages = new ArrayList<>();
      ByteBuf piece = bytes(octets.substring(at, end));
      try {
        scanner.scan(piece, messages);
        at += scanner.position();
        scanner.stay();
      } catch (ProblemException refusal) {
        return false;
      } finally {
        messages.forEach(out::record);
        piece.release();
        assertEquals(0, piece.refCnt());
      }
    }
    return true;
  }

  private static void decode(String octets, Recorder out) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new VertxHttpRequestDecoder(
                new HttpServerOptions()
                    .setMaxInitialLineLength(LIMITS.line())
                    .setMaxHeaderSize(LIMITS.fields())));
    channel.writeInbound(bytes(octets));
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpRequest head && head.headers().contains("Upgrade", "h2c", true)) {
        head.headers().remove("Upgrade"); // the one thing that is hidden from the server
      }
      out.record(message);
    }
    channel.close();
  }

  private static String broken(String octets, Random random) {
    StringBuilder text = new StringBuilder(octets);
    int at = random.nextInt(text.length());
    switch (random.nextInt(4)) {
      case 0 -> text.deleteCharAt(at);
      case 1 -> text.setCharAt(at, (char) random.nextInt(256));
      case 2 -> text.insert(at, MISCHIEF.get(random.nextInt(MISCHIEF.size())));
      default -> {
        int line = text.indexOf("\r\n", at);
        text.insert(line < 0 ? at : line + 2, MISCHIEF.get(random.nextInt(MISCHIEF.size())));
      }
    }
    return text.toString();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
