package dev.stoa.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/** What an {@link AnswerReader} makes of what comes, as a line of text. */
final class Reading {
  private final AnswerReader reader =
      new AnswerReader(new byte[HeadCollector.MAX_HEAD], new HeadReader());
  private final StringBuilder seen = new StringBuilder();
  private String head = "";
  private final StringBuilder body = new StringBuilder();
  private boolean malformed;
  private int surplus;

  static String of(String asked, List<byte[]> pieces) {
    Reading reading = new Reading();
    reading.begin(asked);
    pieces.forEach(reading::take);
    return reading.toString();
  }

  static List<byte[]> cut(byte[] bytes, int at) {
    return List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
  }

  void begin(String asked) {
    reader.begin("HEAD".equals(asked), "101".equals(asked));
    seen.setLength(0);
    body.setLength(0);
    surplus = 0;
  }

  void take(byte[] piece) {
    ByteBuf in = Unpooled.wrappedBuffer(piece);
    try {
      while (in.isReadable() && !malformed && !reader.complete()) {
        step(reader.next(in));
      }
      surplus += in.readableBytes();
    } catch (MalformedAnswerException expected) {
      malformed = true;
    } finally {
      assertTrue(in.release());
    }
  }

  private void step(AnswerReader.Event event) {
    switch (event) {
      case HEAD -> {
        HeadReader read = reader.head();
        seen.append(read.status());
        head = read.status() + " " + read.reason().strip() + read.fields();
      }
      case BODY -> {
        assertTrue(reader.part().length() <= AnswerReader.MAX_PART);
        body.append(reader.part().toString(ISO_8859_1));
      }
      default -> {}
    }
  }

  /** Status, reason without blanks around it, and fields. */
  String head() {
    return head;
  }

  /** The fields of an answer without trailers. */
  Fields fields() {
    return reader.head().fields();
  }

  String body() {
    return body.toString();
  }

  boolean malformed() {
    return malformed;
  }

  int surplus() {
    return surplus;
  }

  AnswerReader reader() {
    return reader;
  }

  @Override
  public String toString() {
    if (malformed) {
      return "!";
    }
    StringBuilder all = new StringBuilder(seen);
    if (!body.isEmpty()) {
      all.append(' ').append(body);
    }
    if (reader.complete() && reader.trailers() != null) {
      String trailers = reader.trailers().toString();
      all.append(trailers.replace('[', '{').replace(']', '}'));
    }
    if (!reader.complete()) {
      all.append(reader.untilClose() ? "~" : "...");
    }
    return surplus == 0 ? all.toString() : all.append('+').append(surplus).toString();
  }
}
