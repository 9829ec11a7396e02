package dev.stoa.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The connections to one server: those that are idle, the one used last first, and who waits for
 * one, in the order of their coming. For the event loop of the pool.
 */
final class ServerPool {
  private final ConnectionPool pool;
  private final Origin origin;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final Distrust distrust;
  private int open; // or opening

  ServerPool(ConnectionPool pool, Origin origin) {
    this.pool = pool;
    this.origin = origin;
    this.distrust = new Distrust(origin);
  }

  /** Who has no connection yet: one is on its way, or none is free. */
  private final class Waiter {
    private final Taker taker;
    private final long until;
    private final long timer;
    private boolean told;

    Waiter(Taker taker, long withinMillis) {
      this.taker = taker;
      this.until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
      this.timer = pool.vertx().setTimer(withinMillis, id -> late());
    }

    private void late() {
      waiting.remove(this);
      fail(new TimeoutException("No connection in time."));
    }

    long leftMillis() {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
    }

    void give(Connection connection) {
      if (settle()) {
        taker.taken(connection.take());
      } else {
        release(connection);
      }
    }

    void fail(Throwable cause) {
      if (settle()) {
        taker.notTaken(cause);
      }
    }

    private boolean settle() {
      boolean first = !told;
      told = true;
      pool.vertx().cancelTimer(timer);
      return first;
    }
  }

  Origin origin() {
    return origin;
  }

  void take(long withinMillis, boolean repeatable, Taker taker) {
    Connection free = free(repeatable);
    if (free != null) {
      taker.taken(free.take());
    } else if (open < pool.settings().connections()) {
      connect(new Waiter(taker, withinMillis));
    } else if (waiting.size() < pool.settings().waiting()) {
      waiting.addLast(new Waiter(taker, withinMillis));
      makeRoom();
    } else {
      taker.notTaken(new PoolFullException());
    }
  }

  /** The one that was used last, unless it has been idle for too long for this; else null. */
  private Connection free(boolean repeatable) {
    long most = (repeatable ? pool.settings().reserve() : pool.settings().keepAlive()).toSeconds();
    for (Connection last = idle.peekLast(); last != null; last = idle.peekLast()) {
      if (last.isOpen() && last.isStale(most)) {
        return null;
      }
      idle.removeLast();
      if (last.isOpen()) {
        return last;
      }
    }
    return null;
  }

  /** All that are idle have been so for too long: one of them is less use than a new one. */
  private void makeRoom() {
    Connection oldest = idle.pollFirst();
    if (oldest != null) {
      oldest.close();
    }
  }

  private void connect(Waiter waiter) {
    open++;
    pool.connect(origin, waiter.leftMillis())
        .onSuccess(socket -> connected(socket, waiter))
        .onFailure(cause -> notConnected(cause, waiter));
  }

  private void notConnected(Throwable cause, Waiter waiter) {
    open--;
    distrust.tell(cause);
    waiter.fail(cause);
    next();
  }

  /** Takes the socket over: nobody but the connection sees what comes on it. */
  private void connected(NetSocket socket, Waiter waiter) {
    ChannelPipeline pipeline = ((NetSocketInternal) socket).channelHandlerContext().pipeline();
    if (!pipeline.channel().isActive()) {
      notConnected(new ConnectionClosedException("The connection was closed."), waiter);
      return;
    }
    List<ChannelHandler> others = new ArrayList<>();
    for (Map.Entry<String, ChannelHandler> entry : pipeline) {
      if (!(entry.getValue() instanceof SslHandler)) {
        others.add(entry.getValue());
      }
    }
    // Else it is the handler of TLS that reads, and keeps what is no record yet.
    if (!origin.tls()) {
      pipeline.channel().config().setRecvByteBufAllocator(pool.reads());
    }
    Connection connection = pool.connection(this);
    others.forEach(pipeline::remove);
    pipeline.addLast("upstream", connection);
    if (origin.tls()) {
      RawReads raw = new RawReads();
      pipeline.addFirst(raw);
      connection.countBy(raw);
    }
    pool.opened();
    waiter.give(connection);
  }

  /** One was not used after all: it is no younger for that, and whoever waits may ask only once. */
  void takeBack(Connection connection) {
    if (connection.isStale(pool.settings().keepAlive().toSeconds())) {
      connection.close();
    } else {
      release(connection);
    }
  }

  /** One is free again. */
  void release(Connection connection) {
    Waiter first = waiting.pollFirst();
    if (first == null) {
      idle.addLast(connection);
    } else {
      first.give(connection);
    }
  }

  /** One is closed. */
  void closed(Connection connection) {
    open--;
    idle.removeLastOccurrence(connection);
    pool.closed();
    next();
  }

  /** There is room for another one. */
  private void next() {
    Waiter first = open < pool.settings().connections() ? waiting.pollFirst() : null;
    if (first != null) {
      connect(first);
    }
  }

  /** Closes what has been idle for too long; whether there is anything left to know. */
  boolean sweep() {
    long most = pool.settings().reserve().toSeconds();
    List<Connection> stale = new ArrayList<>();
    for (Iterator<Connection> each = idle.iterator(); each.hasNext(); ) {
      Connection connection = each.next();
      if (connection.isStale(most)) {
        each.remove();
        stale.add(connection);
      }
    }
    stale.forEach(Connection::close);
    return open > 0 || !waiting.isEmpty() || distrust.isRecent();
  }

  /** Seconds, more or less. */
  long tick() {
    return pool.tick();
  }

  /** The pool is closed. */
  void close() {
    for (Waiter waiter = waiting.pollFirst(); waiter != null; waiter = waiting.pollFirst()) {
      waiter.fail(new ConnectionClosedException("The pool is closed."));
    }
  }
}
