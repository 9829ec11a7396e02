package dev.stoa.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A pool on an event loop of its own, and the server that its connections come to. */
final class PoolFixture {
  private static final int PATIENCE_SECONDS = 20;

  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ServerSocket server;
  private final ConnectionPool pool;
  private final SSLContext tls;

  PoolFixture(PoolSettings settings) throws Exception {
    this(settings, null);
  }

  /**
   * A pool and a server over TLS.
   *
   * @param certificate the server's, for {@code localhost}; null for none
   */
  PoolFixture(PoolSettings settings, SelfSignedCertificate certificate) throws Exception {
    if (certificate == null) {
      tls = null;
    } else {
      tls = SSLContext.getInstance("TLS");
      KeyManagerFactory keys = certificate.keyCertOptions().getKeyManagerFactory(vertx);
      tls.init(keys.getKeyManagers(), null, null);
    }
    server =
        new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")) {
          @Override
          public Socket accept() throws IOException {
            Socket accepted = new Lasting();
            implAccept(accepted);
            return accepted;
          }
        };
    server.setSoTimeout(PATIENCE_SECONDS * 1_000);
    pool =
        on(
            () ->
                new ConnectionPool(
                    vertx, settings, opened::incrementAndGet, closed::incrementAndGet));
  }

  /** Does something on the pool's event loop. */
  <T> T on(Callable<T> action) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          try {
            done.complete(action.call());
          } catch (Exception | AssertionError failure) {
            done.completeExceptionally(failure);
          }
        });
    return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  Origin origin() {
    String host = tls == null ? "127.0.0.1" : "localhost";
    SocketAddress address = SocketAddress.inetSocketAddress(server.getLocalPort(), host);
    return new Origin(address, tls != null);
  }

  ConnectionPool pool() {
    return pool;
  }

  /** Asks for a connection. */
  Asked take() throws Exception {
    return take(PATIENCE_SECONDS * 1_000);
  }

  Asked take(long withinMillis) throws Exception {
    return take(withinMillis, true);
  }

  /** For what must not be sent twice. */
  Asked takeForOnce() throws Exception {
    return take(PATIENCE_SECONDS * 1_000, false);
  }

  private Asked take(long withinMillis, boolean repeatable) throws Exception {
    Asked asked = new Asked();
    on(
        () -> {
          pool.take(origin(), withinMillis, repeatable, asked);
          return null;
        });
    return asked;
  }

  /** Sends a GET on the connection that it gets. */
  Asked get() throws Exception {
    Asked asked = take();
    asked.expect("taken");
    on(() -> asked.call.request("GET", "/", asked).end());
    return asked;
  }

  /** The next connection that comes. */
  Peer accept() throws IOException {
    return new Peer(server.accept());
  }

  /** The same over TLS: {@code protocol} is the version spoken, and the peer's end of it. */
  Peer secured(Peer peer, String protocol) throws IOException {
    Socket socket = peer.socket();
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.setEnabledProtocols(new String[] {protocol});
    secured.startHandshake();
    return new Peer(secured);
  }

  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    server.close();
  }

  /** Stays open when TLS on it has said its end, as many do that wait for the other's. */
  private static final class Lasting extends Socket {
    @Override
    public void shutdownOutput() {}

    void end() throws IOException {
      super.shutdownOutput();
    }
  }

  /** One who has asked, and what was told, in its order. */
  static final class Asked implements Taker, CallListener {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    volatile Call call;
    volatile Answer answer;
    volatile boolean pauses;
    volatile Runnable whenAnswered = () -> {};
    volatile Runnable whenFailed = () -> {};

    @Override
    public void taken(Call taken) {
      call = taken;
      told.add("taken");
    }

    @Override
    public void notTaken(Throwable cause) {
      told.add("not taken: " + cause.getClass().getSimpleName());
    }

    @Override
    public void hinted(Fields hints) {
      told.add("hinted");
    }

    @Override
    public void answered(Answer given) {
      answer = given;
      given.handler(part -> told.add(part.toString(ISO_8859_1)));
      given.endHandler(v -> told.add("end"));
      if (pauses) {
        given.pause();
      }
      told.add("answered");
      whenAnswered.run();
    }

    @Override
    public void failed(Throwable cause) {
      told.add("failed: " + cause.getClass().getSimpleName());
      whenFailed.run();
    }

    /** Waits for the next word, which is to be this. */
    void expect(String word) throws InterruptedException {
      String next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!word.equals(next)) {
        throw new AssertionError("expected " + word + ", but was " + next);
      }
    }

    boolean nothingTold() {
      return told.isEmpty();
    }
  }

  /** The server's side of a connection. */
  record Peer(Socket socket) implements AutoCloseable {
    Peer {
      try {
        socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
        socket.setTcpNoDelay(true);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Reads a head to its end. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new IOException("closed after: " + head);
        }
        head.append((char) next);
      }
      return head.toString();
    }

    Peer say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return this;
    }

    /** Ends TLS, or where there is none TCP, in this direction. */
    void end() throws IOException {
      if (socket instanceof Lasting tcp) {
        tcp.end();
      } else {
        socket.shutdownOutput();
      }
    }

    /** Waits for the end of the connection, one way or the other. */
    void untilGone() throws IOException {
      try {
        while (socket.getInputStream().read() >= 0) {
          // what still comes is none of the test's business
        }
      } catch (SocketException reset) {
        // an end like any other
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
