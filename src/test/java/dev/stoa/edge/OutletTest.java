package dev.stoa.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.impl.VertxHttpResponseEncoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever way an answer takes, its octets are those that the encoder of Vert.x writes. */
class OutletTest {
  private static final String ENCODER = "encoder";

  private final AnswerWriter writer = new AnswerWriter();
  private final EmbeddedChannel plain = new EmbeddedChannel(new VertxHttpResponseEncoder());
  private final EmbeddedChannel passing = passing(false);

  private EmbeddedChannel passing(boolean askedForHead) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast(ENCODER, new VertxHttpResponseEncoder());
    channel
        .pipeline()
        .addLast(
            new Outlet(writer, () -> askedForHead, channel.pipeline().context(ENCODER), () -> {}));
    return channel;
  }

  private static FullHttpResponse answer(int status, String body) {
    HeadersMultiMap fields = HeadersMultiMap.httpHeaders();
    ByteBuf content = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
    fields.add("content-type", "text/plain");
    fields.add(AsciiString.cached("Content-Length"), Integer.toString(content.readableBytes()));
    fields.add("Set-Cookie", "a=1").add("set-cookie", "b=2").add("X-Empty", "");
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(status),
        content,
        fields,
        HeadersMultiMap.httpHeaders());
  }

  /** What is on the way out; how it was cut is nobody's business. */
  private static String sent(EmbeddedChannel channel) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.append(part.toString(StandardCharsets.ISO_8859_1));
      part.release();
    }
    return all.toString();
  }

  private void isTheSame(FullHttpResponse one, FullHttpResponse other) {
    plain.writeOutbound(one);
    passing.writeOutbound(other);

    assertEquals(sent(plain), sent(passing));
    assertEquals(0, other.refCnt());
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 200, 201, 204, 205, 206, 302, 304, 400, 404, 500, 503, 599})
  void answersOfAnyStatusAreTheSame(int status) {
    String body = status == 200 || status >= 206 && status != 304 ? "{\"id\":1}" : "";

    isTheSame(answer(status, body), answer(status, body));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 5_000, 16_000, 16_384, 100_000})
  void bodiesOfAnyLengthAreTheSame(int length) {
    String body = "x".repeat(length);

    isTheSame(answer(200, body), answer(200, body));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 4_000, 8_000, 8_192, 9_000, 40_000})
  void fieldsOfAnyLengthAreTheSame(int length) {
    FullHttpResponse one = answer(200, "a");
    FullHttpResponse other = answer(200, "a");
    one.headers().add("X-Long", "v".repeat(length));
    other.headers().add("X-Long", "v".repeat(length));

    isTheSame(one, other);
  }

  @Test
  void lettersThatAreNoOctetAreNoLineFeed() {
    FullHttpResponse one = answer(200, "a");
    FullHttpResponse other = answer(200, "a");
    one.headers().add("X-Name", "\u00e9\u010aSet-Cookie: c=3\u20ac");
    other.headers().add("X-Name", "\u00e9\u010aSet-Cookie: c=3\u20ac");

    isTheSame(one, other);
  }

  @Test
  void chunkedAnswersAndReasonsOfTheirOwnAreTheSame() {
    FullHttpResponse one = answer(200, "abc");
    FullHttpResponse other = answer(200, "abc");
    one.headers().remove("Content-Length").add("Transfer-Encoding", "chunked");
    other.headers().remove("Content-Length").add("Transfer-Encoding", "chunked");
    isTheSame(one, other);

    FullHttpResponse old = answer(200, "abc").setProtocolVersion(HttpVersion.HTTP_1_0);
    FullHttpResponse older = answer(200, "abc").setProtocolVersion(HttpVersion.HTTP_1_0);
    old.setStatus(new HttpResponseStatus(299, "Fair enough"));
    older.setStatus(new HttpResponseStatus(299, "Fair enough"));
    isTheSame(old, older);
  }

  @Test
  void answersInPartsAreTheSameAmongWholeOnes() {
    for (EmbeddedChannel channel : new EmbeddedChannel[] {plain, passing}) {
      HeadersMultiMap fields = HeadersMultiMap.httpHeaders();
      fields.add("Transfer-Encoding", "chunked");
      channel.write(answer(200, "first"));
      channel.write(answer(200, "second"));
      channel.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, fields));
      channel.write(new DefaultHttpContent(Unpooled.copiedBuffer("part", StandardCharsets.UTF_8)));
      channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
      channel.writeOutbound(answer(404, "last"));
    }

    assertEquals(sent(plain), sent(passing));
  }

  @Test
  void whatMayBeAnAnswerToHeadIsLeftToTheEncoder() {
    EmbeddedChannel channel = passing(true);

    channel.writeOutbound(answer(200, "abc"));

    plain.writeOutbound(answer(200, "abc"));
    assertEquals(sent(plain), sent(channel));
  }

  @Test
  void anAnswerIsOneBufferThatIsUsedAgain() {
    passing.writeOutbound(answer(200, "x".repeat(5_000)));
    ByteBuf first = passing.readOutbound();
    first.release();
    passing.writeOutbound(answer(200, "y".repeat(5_000)));
    ByteBuf second = passing.readOutbound();

    assertSame(first, second);
    assertTrue(second.toString(StandardCharsets.UTF_8).endsWith("yyy"));
    second.release();
    assertNull(passing.readOutbound());
  }

  @Test
  void whoeverWaitsForTheAnswerToBeSentIsTold() {
    ChannelFuture written = passing.writeOneOutbound(answer(200, "abc"));
    passing.flushOutbound();

    assertTrue(written.isSuccess());
    sent(passing);
  }
}
