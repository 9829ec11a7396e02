package dev.stoa.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.impl.VertxHttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  private final Doorkeeper doorkeeper = new Doorkeeper(() -> EdgeLimits.DEFAULT, new Admission());
  private final Gate gate = new Gate(doorkeeper, new HeadLimits(8_192, 16_384), false);
  private final EmbeddedChannel channel = new EmbeddedChannel(gate);
  private final List<Gate> others = new ArrayList<>();
  private boolean stopped;

  /** In the place of the server; stops reading once it has read something, if that is its way. */
  private void serve(boolean stops) {
    channel.pipeline().addLast("httpDecoder", new ChannelInboundHandlerAdapter());
    channel.pipeline().addLast("httpEncoder", new VertxHttpResponseEncoder());
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof HttpRequest) {
                  gate.rest(REST);
                }
                ctx.fireChannelRead(message);
              }

              @Override
              public void channelReadComplete(ChannelHandlerContext ctx) {
                if (stops && !stopped) {
                  stopped = true;
                  ctx.channel().config().setAutoRead(false);
                }
              }
            });
  }

  private static ByteBuf octets(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private boolean reads() {
    channel.runPendingTasks();
    return channel.config().isAutoRead();
  }

  @Test
  void restsAndReadsOn() {
    serve(false);
    channel.freezeTime();

    channel.writeInbound(octets(REQUEST));

    assertFalse(reads());
    channel.advanceTimeBy(REST, TimeUnit.NANOSECONDS);
    assertTrue(reads());
  }

  @Test
  void wakesNobodyWhomTheServerHasStopped() {
    serve(true);
    channel.freezeTime();

    channel.writeInbound(octets(REQUEST));

    assertFalse(reads());
    channel.advanceTimeBy(2 * REST, TimeUnit.NANOSECONDS);
    assertFalse(reads());
  }

  @Test
  void restsNotInTheMiddleOfARequest() {
    serve(false);

    channel.writeInbound(octets(REQUEST + "GET / HT"));

    assertTrue(reads());
  }

  @Test
  void keepsNothingOfWhatItHasReadForABodyThatNobodyTakes() {
    serve(false);
    ByteBuf read = octets("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");

    channel.writeInbound(read);

    assertEquals(0, read.refCnt());
    channel.readInbound();
    HttpContent body = channel.readInbound();
    assertEquals("abc", body.content().toString(StandardCharsets.ISO_8859_1));
  }

  private void waitsWithABody(boolean stops) {
    serve(stops);
    for (int i = 0; i < EdgeLimits.MAX_OPEN_BODIES; i++) {
      others.add(new Gate(doorkeeper, new HeadLimits(8_192, 16_384), false));
      doorkeeper.uploads().mayStream(others.get(i));
    }
    channel.writeInbound(
        octets(REQUEST),
        octets("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n" + "b".repeat(20_000)));

    assertFalse(reads());
    assertEquals(2, channel.inboundMessages().size());
    doorkeeper.uploads().done(others.get(0));
  }

  @Test
  void aBodyThatHasWaitedIsReadOn() {
    waitsWithABody(false);

    assertTrue(reads());
    assertTrue(channel.inboundMessages().size() > 3);
  }

  @Test
  void aBodyThatHasWaitedWakesNobodyWhomTheServerHasStopped() {
    waitsWithABody(true);

    assertFalse(reads());
    assertTrue(channel.inboundMessages().size() > 3);
  }

  @Test
  void whatATunnelCarriesIsItsOwn() {
    serve(false);
    ByteBuf read = octets("frame");
    gate.stepAside();

    channel.writeInbound(read);

    assertEquals(0, read.refCnt());
    assertEquals("frame", channel.<ByteBuf>readInbound().toString(StandardCharsets.ISO_8859_1));
  }
}
