package dev.stoa.upstream;

import dev.stoa.http.Scratch;
import dev.stoa.http.ScratchReads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetClientInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections of HTTP/1.1 to any number of servers, for one event loop: that of the context it is
 * made on. Everything happens there, without locks, and where a connection is idle without waiting.
 * Of each server there are bounds to connections and to who waits for one. Hold it in a field, and
 * close it.
 */
public final class ConnectionPool {
  private static final long TICK_MILLIS = 1_000;

  private final Vertx vertx;
  private final ContextInternal context;
  private final PoolSettings settings;
  private final Runnable opened;
  private final Runnable closed;
  private final NetClientInternal client;
  private final ClientSSLOptions tls;
  private final Map<Origin, ServerPool> servers = new HashMap<>();
  private final byte[] scratch = new byte[HeadCollector.MAX_HEAD];
  private final HeadReader heads = new HeadReader();
  private final HeadWriter writer = new HeadWriter();
  private final Scratch requests = new Scratch(ScratchReads.ROOM);
  private final ScratchReads reads = new ScratchReads();
  private long timer = -1;
  private long tick; // seconds, more or less
  private boolean over;

  /**
   * An empty one.
   *
   * @param opened told of each new connection
   * @param closed told of the end of each
   */
  public ConnectionPool(Vertx vertx, PoolSettings settings, Runnable opened, Runnable closed) {
    this.vertx = vertx;
    this.context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    this.settings = settings;
    this.opened = opened;
    this.closed = closed;
    this.client =
        (NetClientInternal) vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    this.tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
    if (settings.trust() != null) {
      tls.setTrustOptions(settings.trust());
    }
  }

  /**
   * Asks for a connection.
   *
   * @param withinMillis how long one may take to become free, or to be made; more than zero
   * @param repeatable whether what is asked may be sent again, should the server have closed the
   *     connection meanwhile: then it may be one that was idle for longer
   */
  public void take(Origin origin, long withinMillis, boolean repeatable, Taker taker) {
    if (over) {
      taker.notTaken(new ConnectionClosedException("The pool is closed."));
      return;
    }
    ServerPool server = servers.get(origin);
    if (server == null) {
      server = new ServerPool(this, origin);
      servers.put(origin, server);
    }
    server.take(withinMillis, repeatable, taker);
  }

  /** Closes all connections, whatever is on its way there. */
  public Future<Void> close() {
    over = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    List.copyOf(servers.values()).forEach(ServerPool::close);
    return client.close();
  }

  Future<NetSocket> connect(Origin origin, long withinMillis) {
    if (timer < 0) {
      timer = vertx.setPeriodic(TICK_MILLIS, id -> sweep());
    }
    ConnectOptions options =
        new ConnectOptions()
            .setRemoteAddress(origin.address())
            .setHost(origin.address().host())
            .setPort(origin.address().port())
            .setTimeout((int) Math.min(withinMillis, Integer.MAX_VALUE))
            .setSsl(origin.tls())
            .setSslOptions(tls);
    Promise<NetSocket> promise = context.promise();
    client.connectInternal(options, promise, context);
    return promise.future();
  }

  private void sweep() {
    tick++;
    servers.values().removeIf(server -> !server.sweep());
    if (servers.isEmpty()) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  Connection connection(ServerPool home) {
    return new Connection(home, context, writer, requests, new AnswerReader(scratch, heads));
  }

  /** What its connections read into. */
  ScratchReads reads() {
    return reads;
  }

  void opened() {
    opened.run();
  }

  void closed() {
    closed.run();
  }

  Vertx vertx() {
    return vertx;
  }

  PoolSettings settings() {
    return settings;
  }

  long tick() {
    return tick;
  }
}
