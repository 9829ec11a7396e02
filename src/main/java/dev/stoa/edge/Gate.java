package dev.stoa.edge;

import static io.netty.channel.ChannelOption.SO_LINGER;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The first handler of a connection: lets bytes on to the HTTP decoder after it has looked at them,
 * and measures how long the peer takes over what it owes. Bytes that are no HTTP are replaced by a
 * message that says so, at their place in the order, so that the server answers what came before
 * and then this; nothing behind them is ever read. For the event loop of its connection.
 */
final class Gate extends ChannelDuplexHandler {
  private static final String DECODER = "httpDecoder";

  /** GOAWAY with ENHANCE_YOUR_CALM (RFC 9113, sections 6.8 and 7). */
  private static final byte[] CALM = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, -1, -1, -1, 0, 0, 0, 11,
  };

  private static final long LINGER_MILLIS = 1_000;

  private enum Speech {
    UNDECIDED,
    HTTP_1,
    HTTP_2,
    TUNNEL,
    OVER
  }

  private enum Owes {
    NOTHING,
    HEAD,
    BODY
  }

  private final Doorkeeper doorkeeper;
  private final HttpScanner http = new HttpScanner();
  private HttpTwoScanner frames;
  private Speech speech;
  private int preface; // octets of the HTTP/2 preface seen
  private Owes owes = Owes.HEAD;
  private long since = System.nanoTime();
  private long headsThen;
  private long bytesThen;
  private boolean greeted; // a byte has come
  private boolean admitted;
  private boolean lingers;
  private ChannelHandlerContext context;

  Gate(Doorkeeper doorkeeper, boolean http2) {
    this.doorkeeper = doorkeeper;
    this.speech = http2 ? Speech.UNDECIDED : Speech.HTTP_1;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    admitted = doorkeeper.admits(ctx.channel());
    if (admitted) {
      doorkeeper.watch(this);
    } else {
      turnAway("503 Service Unavailable", "Retry-After: 1\r\n");
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (admitted) {
      doorkeeper.left(ctx.channel());
      doorkeeper.unwatch(this);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    greeted = true;
    switch (speech) {
      case UNDECIDED -> decide(bytes);
      case HTTP_1 -> readHttp(bytes);
      case HTTP_2 -> readFrames(bytes);
      case TUNNEL -> ctx.fireChannelRead(bytes);
      case OVER -> bytes.release();
    }
  }

  /**
   * Ends the connection after what was answered, not with it: a kernel that gets bytes for a socket
   * that is closed answers with a reset, which takes the answer back that the peer has not yet read
   * (RFC 9112, section 9.6). What still comes within a second is forgotten.
   */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    boolean abrupt = Integer.valueOf(0).equals(ctx.channel().config().getOption(SO_LINGER));
    boolean mayGoOn = speech == Speech.OVER || http.inHead() || http.inBody();
    if (abrupt || !mayGoOn || !(ctx.channel() instanceof DuplexChannel duplex) || lingers) {
      ctx.close(promise);
      return;
    }
    lingers = true;
    speech = Speech.OVER;
    owe(Owes.NOTHING);
    ctx.flush();
    duplex.config().setAutoRead(true);
    duplex
        .shutdownOutput()
        .addListener(
            done ->
                ctx.executor()
                    .schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** From here on the bytes are somebody else's business. */
  void stepAside() {
    speech = Speech.TUNNEL;
    owe(Owes.NOTHING);
  }

  /** HTTP/2 with prior knowledge begins with a preface that is no HTTP/1 (RFC 9113, 3.4). */
  private void decide(ByteBuf bytes) {
    int start = bytes.readerIndex();
    int end = bytes.writerIndex();
    int at = start;
    while (at < end
        && preface < HttpTwoScanner.PREFACE.length()
        && bytes.getByte(at) == HttpTwoScanner.PREFACE.charAt(preface)) {
      at++;
      preface++;
    }
    if (preface == HttpTwoScanner.PREFACE.length()) {
      speech = Speech.HTTP_2;
      frames = new HttpTwoScanner();
      context.fireChannelRead(bytes.readRetainedSlice(at - start));
      readFrames(bytes);
    } else if (at == end) {
      context.fireChannelRead(bytes);
    } else {
      speech = Speech.HTTP_1;
      beginHttp(bytes, at + 1 - start);
    }
  }

  /** The byte that is none of the preface's makes Vert.x set up the pipeline for HTTP/1. */
  private void beginHttp(ByteBuf bytes, int decisive) {
    String before = HttpTwoScanner.PREFACE.substring(0, preface - (decisive - 1));
    ByteBuf whole =
        Unpooled.wrappedBuffer(
            Unpooled.copiedBuffer(before, StandardCharsets.ISO_8859_1), bytes.retainedSlice());
    try {
      http.scan(whole.slice(0, before.length() + decisive));
    } catch (ProblemException refusal) {
      bytes.release();
      turnAway("400 Bad Request", "");
      return;
    } finally {
      whole.release();
    }
    context.fireChannelRead(bytes.readRetainedSlice(decisive));
    context.pipeline().addAfter(DECODER, "noUpgrade", new NoUpgradeToHttp2());
    readHttp(bytes);
  }

  private void readHttp(ByteBuf bytes) {
    try {
      http.scan(bytes);
    } catch (ProblemException refusal) {
      boolean inBody = http.inBody();
      context.fireChannelRead(bytes.readRetainedSlice(http.position() - bytes.readerIndex()));
      bytes.release();
      refuse(refusal, inBody);
      return;
    }
    account();
    context.fireChannelRead(bytes);
  }

  private void readFrames(ByteBuf bytes) {
    if (frames.scan(bytes)) {
      owe(frames.inHeaders() ? Owes.HEAD : Owes.NOTHING);
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
      end(Unpooled.wrappedBuffer(CALM));
    }
  }

  private void account() {
    boolean another = http.heads() != headsThen;
    headsThen = http.heads();
    if (http.inBody()) {
      owe(Owes.BODY);
    } else if (http.inHead()) {
      if (another) {
        since = System.nanoTime();
      }
      owe(Owes.HEAD);
    } else if (headsThen > 0) {
      owe(Owes.NOTHING);
    }
  }

  private void owe(Owes what) {
    if (what != owes) {
      owes = what;
      restart(System.nanoTime());
      if (what == Owes.NOTHING) {
        doorkeeper.unwatch(this);
      } else {
        doorkeeper.watch(this);
      }
    }
  }

  private void restart(long now) {
    since = now;
    bytesThen = http.bodyBytes();
  }

  /** Ends the connection if the peer has let us wait for too long. */
  void check(long now, EdgeLimits limits) {
    if (!context.channel().config().isAutoRead()) {
      restart(now); // it is we who do not read
    } else if (owes == Owes.HEAD && now - since > limits.headerTimeout().toNanos()) {
      late();
    } else if (owes == Owes.BODY && now - since > limits.rateWindow().toNanos()) {
      double seconds = (now - since) / 1e9;
      if (http.bodyBytes() - bytesThen < limits.minBodyRate() * seconds) {
        close();
      } else {
        restart(now);
      }
    }
  }

  /** Whether it has not yet completed one head. */
  boolean isNew() {
    return owes == Owes.HEAD && headsThen == 0;
  }

  boolean waitsLongerThan(long nanos) {
    return System.nanoTime() - since > nanos;
  }

  private void late() {
    if (greeted && context.pipeline().get(DECODER) != null && speech == Speech.HTTP_1) {
      refuse(
          new ProblemException(
              ProblemType.REQUEST_TIMEOUT, "The head of the request did not arrive in time."),
          false);
    } else {
      close();
    }
  }

  private void refuse(ProblemException refusal, boolean inBody) {
    speech = Speech.OVER;
    owe(Owes.NOTHING);
    DecoderResult failure = DecoderResult.failure(refusal);
    ChannelHandlerContext decoder = context.pipeline().context(DECODER);
    if (inBody) {
      DefaultLastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
      end.setDecoderResult(failure);
      decoder.fireChannelRead(end);
    } else {
      DefaultFullHttpRequest head =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
      head.setDecoderResult(failure);
      decoder.fireChannelRead(head);
    }
    decoder.fireChannelReadComplete();
  }

  /** Answers with few bytes where no server is yet there to answer. */
  private void turnAway(String status, String field) {
    String answer =
        "HTTP/1.1 " + status + "\r\n" + field + "Connection: close\r\nContent-Length: 0\r\n\r\n";
    end(Unpooled.copiedBuffer(answer, StandardCharsets.ISO_8859_1));
  }

  private void end(ByteBuf lastWords) {
    speech = Speech.OVER;
    owe(Owes.NOTHING);
    context.writeAndFlush(lastWords).addListener(ChannelFutureListener.CLOSE);
  }

  void close() {
    speech = Speech.OVER;
    owe(Owes.NOTHING);
    context.close();
  }

  /**
   * Vert.x would upgrade to HTTP/2 in the middle of HTTP/1.1. RFC 9113 has dropped this, it never
   * got on with bodies, and a server may ignore it (RFC 9110, section 7.8): the request is answered
   * as HTTP/1.1.
   */
  private static final class NoUpgradeToHttp2 extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        String protocols = String.join(",", request.headers().getAll("Upgrade"));
        if (protocols.toLowerCase(Locale.ROOT).contains("h2c")) {
          request.headers().remove("Upgrade");
        }
      }
      ctx.fireChannelRead(message);
    }
  }
}
