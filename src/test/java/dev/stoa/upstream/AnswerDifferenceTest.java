package dev.stoa.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two readers of one connection must agree on where an answer ends: ours against Netty's. */
class AnswerDifferenceTest {
  private static final int WELL_FORMED = 3_000;
  private static final int MUTATED = 20_000;
  private static final String OCTETS = "\r\n\n :;,=\t\0\u000b\u00e9-+0123456789afxAFTC";

  /** A well-formed answer, and what it says. */
  private static final class Written {
    private final Random random;
    private final StringBuilder bytes = new StringBuilder();

    Written(Random random) {
      this.random = random;
      int status =
          List.of(200, 200, 200, 201, 206, 301, 404, 500, 204, 304).get(random.nextInt(10));
      bytes.append("HTTP/1.1 ").append(status).append(' ').append(word(0, 12)).append("\r\n");
      fields("X-", random.nextInt(8));
      boolean none = status == 204 || status == 304;
      switch (none ? 2 : random.nextInt(2)) {
        case 0 -> sized();
        case 1 -> chunked();
        default -> bytes.append("\r\n");
      }
    }

    private void fields(String prefix, int most) {
      for (int i = 0; i < most; i++) {
        String blank = " ".repeat(random.nextInt(3));
        bytes.append(prefix).append(word(1, 12)).append(':').append(blank).append(word(0, 40));
        bytes.append("\t".repeat(random.nextInt(2))).append("\r\n");
      }
    }

    private void sized() {
      String body = body();
      bytes.append(random.nextBoolean() ? "Content-Length: " : "content-length:");
      bytes.append(body.length()).append("\r\n\r\n").append(body);
    }

    private void chunked() {
      bytes.append("Transfer-Encoding: chunked\r\n\r\n");
      for (int i = random.nextInt(4); i > 0; i--) {
        String body = body() + "x";
        bytes.append("0".repeat(random.nextInt(3))).append(Integer.toHexString(body.length()));
        bytes.append(random.nextBoolean() ? "" : ";" + word(1, 9) + "=" + word(1, 9));
        bytes.append("\r\n").append(body).append("\r\n");
      }
      bytes.append("0\r\n");
      fields("T-", random.nextInt(3) * random.nextInt(2));
      bytes.append("\r\n");
    }

    private String word(int least, int most) {
      return random
          .ints(least + random.nextInt(most - least + 1), 'A', 'Z' + 1)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
    }

    private String body() {
      int length = random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(60);
      StringBuilder body = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        body.append(OCTETS.charAt(random.nextInt(OCTETS.length())));
      }
      return body.toString();
    }

    byte[] bytes() {
      return bytes.toString().getBytes(ISO_8859_1);
    }

    byte[] mutated() {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        int at = random.nextInt(Math.min(bytes.length(), 300));
        char octet = OCTETS.charAt(random.nextInt(OCTETS.length()));
        switch (random.nextInt(4)) {
          case 0 -> bytes.setCharAt(at, octet);
          case 1 -> bytes.insert(at, octet);
          case 2 -> bytes.deleteCharAt(at);
          default -> bytes.insert(at, "\r\nContent-Length: 3\r\n".substring(random.nextInt(3)));
        }
      }
      return bytes();
    }
  }

  /** What Netty's decoder makes of it: null where it refuses. */
  private static String netty(byte[] bytes) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseDecoder(65_536, 65_536, 16_384));
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    StringBuilder head = new StringBuilder();
    StringBuilder body = new StringBuilder();
    String end = "...";
    boolean refused = false;
    for (HttpObject one = channel.readInbound(); one != null; one = channel.readInbound()) {
      refused |= one.decoderResult().isFailure();
      if (end.startsWith("end")) {
        refused = true; // what is behind it is another answer, of which nobody speaks here
      }
      if (one instanceof HttpResponse response) {
        head.append(response.status().code())
            .append(' ')
            .append(response.status().reasonPhrase().strip());
        head.append(fields(response.headers()));
      }
      if (one instanceof HttpContent content) {
        body.append(content.content().toString(ISO_8859_1));
      }
      if (one instanceof LastHttpContent last) {
        end = "end" + fields(last.trailingHeaders());
      }
      ReferenceCountUtil.release(one);
    }
    channel.finishAndReleaseAll();
    return refused ? null : shown(head.toString(), body.toString(), end);
  }

  private static String fields(HttpHeaders headers) {
    List<String> fields = new ArrayList<>();
    headers.forEach(field -> fields.add(field.getKey() + ": " + field.getValue().strip()));
    return fields.toString();
  }

  private static String ours(Reading reading) {
    AnswerReader reader = reading.reader();
    Fields trailers = new Fields();
    if (reader.complete() && reader.trailers() != null) {
      trailers = reader.trailers();
      trailers.remove("Content-Length"); // which Netty passes over, and the proxy later
    }
    String end = reader.complete() ? "end" + trailers : "...";
    return shown(reading.head(), reading.body(), end);
  }

  private static String shown(String head, String body, String end) {
    // Netty puts a length with zeros before it in other words.
    return head.replace("content-length", "Content-Length") + "\n" + body + "\n" + end;
  }

  private static Reading read(byte[] bytes) {
    Reading reading = new Reading();
    reading.begin("GET");
    reading.take(bytes);
    return reading;
  }

  @Test
  void wellFormedAnswersAreReadAlike() {
    Random random = new Random(8);
    for (int i = 0; i < WELL_FORMED; i++) {
      byte[] bytes = new Written(random).bytes();

      Reading reading = read(bytes);

      String about = "answer " + i + ": " + new String(bytes, ISO_8859_1);
      assertTrue(reading.reader().complete(), about);
      assertEquals(0, reading.surplus(), about);
      assertEquals(netty(bytes), ours(reading), about);
      int cut = 1 + random.nextInt(bytes.length - 1);
      Reading again = new Reading();
      again.begin("GET");
      Reading.cut(bytes, cut).forEach(again::take);
      assertEquals(ours(reading), ours(again), about);
    }
  }

  /** Where both take what is not well-formed, they must not differ about what it is. */
  @Test
  void whatBothTakeIsReadAlike() {
    Random random = new Random(13);
    int both = 0;
    for (int i = 0; i < MUTATED; i++) {
      byte[] bytes = new Written(random).mutated();

      Reading reading = read(bytes);
      // A 1xx is no answer yet, and Netty would read on behind the end.
      boolean taken = !reading.malformed() && !reading.head().isEmpty() && reading.surplus() == 0;
      String netty = taken ? netty(bytes) : null;

      if (netty != null) {
        both++;
        assertEquals(netty, ours(reading), "answer " + i + ": " + new String(bytes, ISO_8859_1));
      }
    }
    assertTrue(both > MUTATED / 10, "too few are taken: " + both);
  }
}
