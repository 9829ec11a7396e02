package dev.stoa.edge;

import dev.stoa.problem.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * The HTTP/1 of a gate: makes messages of its bytes and hands them to the server, those of a
 * request that may not stream yet a little later. For the event loop of its connection.
 */
final class Intake {
  private static final String DECODER = "httpDecoder";
  private static final String ENCODER = "httpEncoder";

  private final HttpScanner http;
  private final AnswerWriter answers;
  private final List<HttpObject> read = new ArrayList<>(4); // and not yet handed on; else empty
  private final Held held = new Held();
  private ChannelHandlerContext gate;
  private ChannelHandlerContext server; // to which messages go; null before something has come

  Intake(HttpScanner http, AnswerWriter answers) {
    this.http = http;
    this.answers = answers;
  }

  void added(ChannelHandlerContext gateContext) {
    gate = gateContext;
  }

  /**
   * Makes messages of the bytes and releases them; the messages are then to go {@link #handOn on}
   * or to {@link #hold}.
   *
   * @throws ProblemException if this is not HTTP; what came before it is there to be handed on
   */
  void read(ByteBuf bytes) {
    try {
      if (server == null) {
        takeOver();
      }
      http.scan(bytes, read);
    } finally {
      bytes.release();
    }
  }

  /** What the decoder of Vert.x would make is made here, so it is taken out. */
  private void takeOver() {
    ChannelPipeline pipeline = gate.pipeline();
    pipeline.replace(DECODER, DECODER, new ChannelInboundHandlerAdapter());
    server = pipeline.context(DECODER);
    Outlet outlet = new Outlet(answers, http::askedForHead, pipeline.context(ENCODER));
    pipeline.addAfter(ENCODER, null, outlet);
  }

  /** The server gets what has been read, and what waited before it. */
  void handOn() {
    if (!held.isEmpty()) {
      deliver(held.take());
    }
    deliver(read);
    read.clear();
  }

  /** What has been read waits here until it is the request's turn. */
  void hold() {
    held.add(read);
    read.clear();
    if (held.isFull()) {
      gate.channel().config().setAutoRead(false);
    }
  }

  private void deliver(List<HttpObject> messages) {
    for (int i = 0; i < messages.size(); i++) {
      server.fireChannelRead(messages.get(i));
    }
  }

  boolean waits() {
    return !held.isEmpty();
  }

  boolean waitsLongerThan(long nanos, long now) {
    return held.isOlderThan(nanos, now);
  }

  /** Its request may go on, though its body is not complete. */
  void release() {
    if (waits()) {
      if (held.isFull()) {
        gate.channel().config().setAutoRead(true);
      }
      deliver(held.take());
      gate.fireChannelReadComplete();
    }
  }

  /** What came before a refusal goes on, unless it waits here: then all of it is given up. */
  void endBefore() {
    if (waits()) {
      hold();
    } else {
      handOn();
    }
  }

  /** Nothing that waits is wanted any more. */
  void drop() {
    held.drop();
  }

  /**
   * Hands a message on that says why there is none.
   *
   * @param begun whether the server has the head of it already and waits for the body
   */
  void fail(ProblemException refusal, boolean begun) {
    HttpObject failed =
        begun
            ? new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER)
            : http.unfinished().map(Intake::bare).orElseGet(() -> bare(HttpMethod.GET, "/"));
    failed.setDecoderResult(DecoderResult.failure(refusal));
    tell(failed);
  }

  /** What was asked for, without any field of a head that is refused. */
  private static HttpRequest bare(HttpRequest unfinished) {
    return bare(unfinished.method(), unfinished.uri());
  }

  private static HttpRequest bare(HttpMethod method, String target) {
    return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target);
  }

  /** Tells the server of a request whose client went away in the middle of its head. */
  void breakOff(HttpRequest unfinished) {
    unfinished.setDecoderResult(DecoderResult.failure(new PrematureChannelClosureException()));
    tell(unfinished);
  }

  private void tell(HttpObject message) {
    server.fireChannelRead(message);
    server.fireChannelReadComplete();
  }
}
