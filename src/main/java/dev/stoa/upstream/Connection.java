package dev.stoa.upstream;

import dev.stoa.http.Scratch;
import dev.stoa.http.ScratchReads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.CodecException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a server: it carries one {@link Call} at a time, writes its request, and reads
 * its answer and nothing else. What comes beyond an answer, because an upstream got a length wrong
 * or gave a 304 a body, would be the beginning of the next one, which is somebody else's: such a
 * connection is closed with the answer (RFC 9112, section 9.2), and one on which something comes
 * unasked at once. For the event loop of its pool.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** After so many reads in a row Netty looks after others, be there more or not. */
  private static final int READS_IN_A_ROW = ScratchReads.MOST_READS;

  private final ServerPool home;
  private final ContextInternal context;
  private final HeadWriter heads;
  private final Scratch scratch;
  private final AnswerReader reader;
  private ChannelHandlerContext ctx;
  private RequestWriter writer;
  private Call call; // null while it is idle
  private ByteBuf held; // what was read and waits for the answer to flow
  private boolean reading;
  private int reads; // in a row
  private RawReads raw; // below TLS; null without
  private boolean over; // and not yet back in the pool
  private boolean used;
  private boolean keepAlive;
  private boolean spoilt;
  private boolean farewell; // what TLS says at the end
  private boolean gone;
  private int keepAliveSeconds;
  private long idleSince;

  Connection(
      ServerPool home,
      ContextInternal context,
      HeadWriter heads,
      Scratch scratch,
      AnswerReader reader) {
    this.home = home;
    this.idleSince = home.tick();
    this.context = context;
    this.heads = heads;
    this.scratch = scratch;
    this.reader = reader;
    this.keepAliveSeconds = Integer.MAX_VALUE;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    writer = new RequestWriter(heads, scratch, added);
  }

  /** Over TLS it is the pieces of the socket that count. */
  void countBy(RawReads below) {
    raw = below;
  }

  /** Has it carry one request. */
  Call take() {
    call = new Call(this, used);
    return call;
  }

  /** Whether it is this call's. */
  boolean carries(Call one) {
    return call == one;
  }

  boolean isOpen() {
    return !gone && !farewell && ctx.channel().isActive();
  }

  boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** Whether it has been idle for too long: {@code most} seconds, or what its server said. */
  boolean isStale(long most) {
    return home.tick() - idleSince >= Math.min(most, keepAliveSeconds);
  }

  /** Writes what there is of a request: its head, if that is due, part of the body, its end. */
  void write(Call its, Buffer data, boolean last) {
    boolean head = !its.headSent();
    if (head) {
      reader.begin("HEAD".equals(its.method()), its.isUpgrade());
      used = true;
      its.headLeaves();
    }
    writer.write(its, head, data, last);
    if (last && its.isRaw()) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    if (call != null && isWritable()) {
      ContextInternal before = context.beginDispatch();
      try {
        call.drained();
      } finally {
        context.endDispatch(before);
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    ByteBuf in = (ByteBuf) message;
    reads++;
    if (call == null || !call.headSent()) {
      in.release();
      dispatched(call, new ConnectionClosedException("Something came unasked."));
    } else if (held != null || reading) {
      hold(in);
    } else {
      ContextInternal before = context.beginDispatch();
      try {
        read(in);
      } finally {
        context.endDispatch(before);
      }
    }
  }

  private void dispatched(Call its, Throwable failure) {
    ContextInternal before = context.beginDispatch();
    try {
      fail(its, failure);
    } finally {
      context.endDispatch(before);
    }
  }

  /** Keeps what may wait for long in memory of its own. */
  private void hold(ByteBuf octets) {
    ByteBuf in = Scratch.moved(octets);
    held = held == null ? in : ctx.alloc().compositeBuffer().addComponents(true, held, in);
  }

  /** Reads on while the answer flows; keeps the rest. */
  private void read(ByteBuf in) {
    Call its = call;
    reading = true;
    try {
      while (call == its && its.flows() && in.isReadable()) {
        step(its, in);
      }
    } catch (MalformedAnswerException malformed) {
      in.skipBytes(in.readableBytes());
      fail(its, malformed);
    } catch (RuntimeException bug) { // of who takes the answer; the connection may be another's
      LOG.error("An answer could not be taken", bug);
      in.skipBytes(in.readableBytes());
      fail(its, bug);
    } finally {
      reading = false;
      if (in.isReadable() && call == its) {
        hold(in);
      } else {
        in.release();
      }
    }
  }

  private void step(Call its, ByteBuf in) {
    switch (reader.next(in)) {
      case INTERIM -> its.interim(reader.head());
      case HEAD -> head(its, in);
      case BODY -> part(its, in);
      case END -> end(its, in);
      case MORE -> {}
    }
  }

  private void head(Call its, ByteBuf in) {
    Answer answer = new Answer(its, reader.head());
    keepAlive = !reader.untilClose() && KeepAlive.of(answer.http10(), answer.fields());
    keepAliveSeconds = KeepAlive.seconds(answer.fields());
    if (reader.complete()) {
      over(in);
      its.answered(answer);
      its.over(null);
    } else {
      its.answered(answer);
    }
  }

  private void part(Call its, ByteBuf in) {
    Buffer part = reader.part();
    boolean last = reader.complete();
    if (last) {
      Fields trailers = reader.trailers();
      over(in);
      its.part(part, trailers == null);
      its.over(trailers);
    } else {
      its.part(part, false);
    }
  }

  private void end(Call its, ByteBuf in) {
    Fields trailers = reader.trailers();
    over(in);
    its.over(trailers);
  }

  /** The answer is complete: before its end is told, since the next request may come of that. */
  private void over(ByteBuf in) {
    boolean surplus = in.isReadable();
    in.skipBytes(in.readableBytes());
    if (!call.ended()) {
      reset();
    } else if (surplus || !keepAlive || !isOpen()) {
      close();
    } else {
      call = null;
      over = true;
      if (reads == 0) {
        lookOnceMore(); // what was read had waited
      }
    }
  }

  /**
   * An answer may end where a read ends, with more behind it. So the connection goes back when
   * nothing is left to read: what comes until then has come unasked.
   */
  private void giveBackRead() {
    if (isOpen()) {
      over = false;
      idleSince = home.tick();
      ContextInternal before = context.beginDispatch();
      try {
        home.release(this);
      } finally {
        context.endDispatch(before);
      }
    }
  }

  /** What a task schedules runs after the event loop has looked at its sockets again. */
  private void lookOnceMore() {
    EventExecutor loop = ctx.executor();
    loop.execute(() -> loop.schedule(this::giveBackRead, 1, TimeUnit.NANOSECONDS));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext complete) {
    boolean all = (raw == null ? reads : raw.counted()) < READS_IN_A_ROW;
    reads = 0;
    if (over && all) {
      giveBackRead();
    } else if (over) {
      lookOnceMore();
    }
    if (call != null && call.flows()) {
      ContextInternal before = context.beginDispatch();
      try {
        call.lull();
      } finally {
        context.endDispatch(before);
      }
    }
  }

  void pause() {
    ctx.channel().config().setAutoRead(false);
  }

  void resume() {
    ctx.channel().config().setAutoRead(true);
    if (reading) {
      return; // whoever reads goes on
    }
    Call its = call;
    if (held != null) {
      ByteBuf rest = held;
      held = null;
      read(rest);
    }
    if (gone && call == its && held == null) {
      ended(its);
    }
  }

  /**
   * Over TLS nothing comes any more after this; the socket may stay open for as long as it likes.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event == SslCloseCompletionEvent.SUCCESS && !farewell) {
      farewell = true;
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    ContextInternal before = context.beginDispatch();
    try {
      gone = true;
      home.closed(this);
      Call its = call;
      if (its != null) {
        its.closed();
        if (call == its && held == null) { // else when it has been taken
          ended(its);
        }
      }
    } finally {
      context.endDispatch(before);
    }
  }

  /**
   * Nothing comes any more. With TLS that is the end of an answer only if its server said so, since
   * else anybody on the way could have cut it short (RFC 9112, section 9.8).
   */
  private void ended(Call its) {
    boolean mayEnd = farewell || its.isRaw() || !home.origin().tls();
    if (its.headSent() && reader.untilClose() && mayEnd) {
      call = null;
      its.over(null);
    } else {
      fail(its, new ConnectionClosedException("The connection was closed."));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
    if (cause instanceof IOException || cause instanceof CodecException) {
      LOG.debug("A connection failed", cause);
    } else {
      LOG.error("A connection failed", cause);
    }
    dispatched(call, cause);
  }

  /** Tells of it, while what is held can still be had, and ends the connection. */
  private void fail(Call its, Throwable cause) {
    spoilt |= call == its;
    if (its != null) {
      its.fail(cause);
    }
    if (call == its) {
      reset();
    }
  }

  /** Nothing was sent on it. */
  void giveBack() {
    if (spoilt || !isOpen()) {
      reset();
    } else {
      call = null;
      home.takeBack(this);
    }
  }

  /** Ends it at once, whatever is on its way. */
  void reset() {
    if (ctx.channel().isOpen()) {
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    close();
  }

  /** Ends it; its call is over. */
  void close() {
    Call its = call;
    call = null;
    if (held != null) {
      held.release();
      held = null;
    }
    ctx.close();
    if (its != null) {
      its.closed();
    }
  }
}
