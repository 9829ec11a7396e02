package dev.stoa.edge;

import dev.stoa.http.ScratchReads;
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
  private final ScratchReads reads;
  private final Runnable onStay;
  private ByteBuf behind; // a request that may leave HTTP; null for nothing
  private long answered; // requests
  private boolean stopped; // reading, by us
  private ChannelHandlerContext gate;
  private ChannelHandlerContext server; // to which messages go; null before something has come

  /**
   * Of a new connection.
   *
   * @param onStay told when a request to leave HTTP was answered, and HTTP goes on
   */
  Intake(HttpScanner http, Doorkeeper doorkeeper, Runnable onStay) {
    this.http = http;
    this.answers = doorkeeper.answers();
    this.reads = doorkeeper.reads();
    this.onStay = onStay;
  }

  void added(ChannelHandlerContext gateContext) {
    gate = gateContext;
  }

  /**
   * Makes messages of the bytes and releases them; the messages are then to go {@link #handOn on}
   * or to {@link #hold}. What is behind a request to leave HTTP waits as it is, until that was
   * answered.
   *
   * @throws ProblemException if this is not HTTP; what came before it is there to be handed on
   */
  void read(ByteBuf bytes) {
    try {
      if (server == null) {
        takeOver();
      }
      if (!http.mayLeave()) {
        http.scan(bytes, read);
        bytes.readerIndex(http.position());
      }
      if (bytes.isReadable()) {
        keep(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void keep(ByteBuf bytes) {
    behind = behind == null ? Unpooled.buffer(bytes.readableBytes()) : behind;
    behind.writeBytes(bytes);
    endTurn();
  }

  /** What has waited behind a request to leave HTTP, for the caller; null for nothing. */
  ByteBuf takeBehind() {
    ByteBuf taken = behind;
    behind = null;
    readOn();
    return taken;
  }

  /** Whether something waits that is neither read nor wanted by anybody yet. */
  boolean hasBehind() {
    return behind != null;
  }

  private void answered() {
    answered++;
    if (http.mayLeave() && answered == http.heads()) {
      gate.executor().execute(onStay); // when the answer is written
    }
  }

  private boolean isFull() {
    return held.isFull() || behind != null && behind.readableBytes() >= Held.ENOUGH;
  }

  private void endTurn() {
    if (isFull()) {
      reads.enough();
    }
  }

  /**
   * Reads no more, if that is enough: after the server has had its say, which stops by itself where
   * too many requests wait, and then is the one that goes on.
   */
  void readComplete() {
    if (isFull() && gate.channel().config().isAutoRead()) {
      stopped = true;
      gate.channel().config().setAutoRead(false);
    }
  }

  private void readOn() {
    if (stopped) {
      stopped = false;
      gate.channel().config().setAutoRead(true);
    }
  }

  /** What the decoder of Vert.x would make is made here, so it is taken out. */
  private void takeOver() {
    ChannelPipeline pipeline = gate.pipeline();
    pipeline.replace(DECODER, DECODER, new ChannelInboundHandlerAdapter());
    server = pipeline.context(DECODER);
    Outlet outlet =
        new Outlet(answers, http::askedForHead, pipeline.context(ENCODER), this::answered);
    pipeline.addAfter(ENCODER, null, outlet);
  }

  /** The server gets what has been read, and what waited before it. */
  void handOn() {
    if (!held.isEmpty()) {
      deliverHeld();
    }
    deliver(read);
    read.clear();
  }

  /** What has been read waits here until it is the request's turn. */
  void hold() {
    held.add(read);
    read.clear();
    endTurn();
  }

  private void deliverHeld() {
    List<HttpObject> all = held.take();
    readOn();
    deliver(all);
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
      deliverHeld();
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
