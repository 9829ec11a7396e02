package dev.stoa.edge;

import static io.netty.channel.ChannelOption.SO_LINGER;

import dev.stoa.http.Scratch;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The first handler of a connection: lets bytes on to the HTTP decoder after it has looked at them,
 * and measures how long the peer takes over what it owes. Bytes that are no HTTP are replaced by a
 * message that says so, at their place in the order, so that the server answers what came before
 * and then this; nothing behind them is ever read. For the event loop of its connection.
 */
final class Gate extends ChannelDuplexHandler {
  /** Makes Vert.x set up the pipeline for HTTP/1, whose decoder passes over it. */
  private static final String NO_PREFACE = "\n";

  /** So much of the preface of HTTP/2 may be the beginning of a request of HTTP/1 as well. */
  private static final int EITHER = "PRI * HTTP/".length();

  private static final long LINGER_MILLIS = 1_000;

  /** GOAWAY with ENHANCE_YOUR_CALM (RFC 9113, sections 6.8 and 7). */
  private static final byte[] CALM = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, -1, -1, -1, 0, 0, 0, 11,
  };

  private enum Speech {
    UNDECIDED,
    HTTP_1,
    HTTP_2,
    TUNNEL,
    OVER
  }

  private final Doorkeeper doorkeeper;
  private final HttpScanner http;
  private final Debt debt;
  private final Intake intake;
  private final Rest rest = new Rest();
  private HttpTwoScanner frames;
  private Speech speech;
  private int preface; // octets of the HTTP/2 preface seen
  private boolean greeted; // a byte has come
  private boolean admitted;
  private boolean lingers;
  private ChannelHandlerContext context;

  Gate(Doorkeeper doorkeeper, HeadLimits limits, boolean http2) {
    this.doorkeeper = doorkeeper;
    this.http = new HttpScanner(doorkeeper.window(), limits);
    this.intake = new Intake(http, doorkeeper, this::stay);
    this.debt = new Debt(http);
    this.speech = http2 ? Speech.UNDECIDED : Speech.HTTP_1;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    intake.added(added);
    added.channel().config().setRecvByteBufAllocator(doorkeeper.reads());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    admitted = doorkeeper.admits(ctx.channel());
    if (admitted) {
      doorkeeper.watch(this, true);
    } else {
      turnAway("503 Service Unavailable", "Retry-After: 1\r\n");
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (speech == Speech.HTTP_1 && !intake.waits()) {
      http.unfinished().ifPresent(intake::breakOff);
    }
    over();
    if (admitted) {
      doorkeeper.left(ctx.channel());
    }
    ctx.fireChannelInactive();
  }

  /**
   * A connection of HTTP/1 that breaks is one that ends, and is told of as such: about the failure
   * Vert.x would tell a request that waits behind another, which it cannot ({@code
   * NullPointerException}), and write it down for each.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException && speech != Speech.HTTP_2 && speech != Speech.TUNNEL) {
      ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    intake.readComplete();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    greeted = true;
    switch (speech) {
      case UNDECIDED -> decide(bytes);
      case HTTP_1 -> readHttp(bytes);
      case HTTP_2 -> readFrames(bytes);
      case TUNNEL -> ctx.fireChannelRead(Scratch.moved(bytes));
      case OVER -> bytes.release();
    }
  }

  /**
   * Ends the connection after what was answered, not with it: a kernel that gets bytes for a socket
   * that is closed answers with a reset, which takes the answer back that the peer has not yet read
   * (RFC 9112, section 9.6). What still comes within a second is forgotten.
   */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    boolean abrupt = Integer.valueOf(0).equals(ctx.channel().config().getOption(SO_LINGER));
    boolean mayGoOn = speech == Speech.OVER || http.inHead() || http.inBody() || intake.hasBehind();
    if (abrupt || !mayGoOn || !(ctx.channel() instanceof DuplexChannel duplex) || lingers) {
      ctx.close(promise);
      return;
    }
    lingers = true;
    over();
    ctx.flush();
    duplex.config().setAutoRead(true);
    Runnable end = () -> ctx.close(promise);
    duplex
        .shutdownOutput()
        .addListener(done -> ctx.executor().schedule(end, LINGER_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** How long the peer has to stay away that is turned away now: longer each time in a row. */
  long turnAway(long nanos, long now) {
    return rest.next(nanos, now);
  }

  /** Reads nothing for so long, unless the peer has begun something. */
  void rest(long nanos) {
    if (nanos > 0 && !doorkeeper.bringsOthers(context.channel())) {
      Rest.begin(context, nanos, this::isIdle);
    }
  }

  private boolean isIdle() {
    return speech == Speech.HTTP_1
        && !http.inHead()
        && !http.inBody()
        && !intake.waits()
        && !intake.hasBehind();
  }

  /** From here on the bytes are somebody else's business. */
  void stepAside() {
    over();
    speech = Speech.TUNNEL;
  }

  /** Hands on what the peer has said in the new protocol before it was answered. */
  void handOver() {
    ByteBuf behind = intake.takeBehind();
    if (behind != null) {
      context.fireChannelRead(behind);
      context.fireChannelReadComplete();
    }
  }

  /** What is behind a request to leave HTTP is HTTP after all. */
  private void stay() {
    if (speech == Speech.HTTP_1) {
      http.stay();
      ByteBuf behind = intake.takeBehind();
      if (behind != null) {
        readHttp(behind);
        context.fireChannelReadComplete();
        intake.readComplete();
      }
    }
  }

  /** HTTP/2 with prior knowledge begins with a preface that is no HTTP/1 (RFC 9113, 3.4). */
  private void decide(ByteBuf bytes) {
    while (bytes.isReadable()
        && preface < HttpTwoScanner.PREFACE.length()
        && bytes.getByte(bytes.readerIndex()) == HttpTwoScanner.PREFACE.charAt(preface)) {
      bytes.skipBytes(1);
      preface++;
    }
    if (preface == HttpTwoScanner.PREFACE.length()) {
      speech = Speech.HTTP_2;
      frames = new HttpTwoScanner();
      context.fireChannelRead(copied(HttpTwoScanner.PREFACE));
      readFrames(bytes);
    } else if (bytes.isReadable()) {
      speech = Speech.HTTP_1;
      context.fireChannelRead(copied(NO_PREFACE));
      if (preface > 0) {
        readHttp(copied(HttpTwoScanner.PREFACE.substring(0, preface)));
      }
      if (speech == Speech.HTTP_1) {
        readHttp(bytes);
      } else {
        bytes.release();
      }
    } else {
      bytes.release();
    }
  }

  private static ByteBuf copied(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private void readHttp(ByteBuf bytes) {
    try {
      intake.read(bytes);
    } catch (ProblemException refusal) {
      boolean begun = http.inBody() && !intake.waits();
      intake.endBefore();
      refuse(refusal, begun);
      return;
    }
    account();
    if (http.inBody() && !doorkeeper.uploads().mayStream(this)) {
      intake.hold();
    } else {
      intake.handOn();
    }
  }

  private void account() {
    debt.account();
    doorkeeper.watch(this, !debt.owesNothing());
    if (!http.inBody()) {
      doorkeeper.uploads().done(this);
    }
  }

  /** The request that waits here may go on, though its body is not complete. */
  void released() {
    context.executor().execute(intake::release);
  }

  private void readFrames(ByteBuf bytes) {
    if (frames.scan(bytes)) {
      debt.account(frames.inHeaders());
      doorkeeper.watch(this, !debt.owesNothing());
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
      end(Unpooled.wrappedBuffer(CALM));
    }
  }

  /** Ends the connection if the peer has let us wait for too long, or we the peer. */
  void check(long now, EdgeLimits limits) {
    if (intake.waitsLongerThan(limits.rateWindowNanos(), now)) {
      refuse(
          new ProblemException(ProblemType.OVERLOADED, "Too many bodies are on their way.")
              .withHeader("Retry-After", "1"),
          false);
    } else if (!context.channel().config().isAutoRead()) {
      debt.restart(now);
    } else if (debt.headIsOverdue(now, limits)) {
      late();
    } else if (debt.bodyIsOverdue(now, limits)) {
      close();
    }
  }

  Debt debt() {
    return debt;
  }

  private void late() {
    if (greeted && speech == Speech.HTTP_1) {
      refuse(
          new ProblemException(
              ProblemType.REQUEST_TIMEOUT, "The head of the request did not arrive in time."),
          false);
    } else if (speech == Speech.UNDECIDED && preface > 0 && preface <= EITHER) {
      turnAway("408 Request Timeout", "");
    } else {
      close();
    }
  }

  private void refuse(ProblemException refusal, boolean begun) {
    over();
    intake.fail(refusal, begun);
  }

  /** Answers with few bytes where no server is yet there to answer. */
  private void turnAway(String status, String field) {
    String answer =
        "HTTP/1.1 " + status + "\r\n" + field + "Connection: close\r\nContent-Length: 0\r\n\r\n";
    end(Unpooled.copiedBuffer(answer, StandardCharsets.ISO_8859_1));
  }

  private void end(ByteBuf lastWords) {
    over();
    context.writeAndFlush(lastWords).addListener(ChannelFutureListener.CLOSE);
  }

  void close() {
    over();
    context.close();
  }

  /** Nothing more is read. */
  private void over() {
    speech = Speech.OVER;
    debt.forgive();
    intake.drop();
    doorkeeper.forget(this);
  }
}
