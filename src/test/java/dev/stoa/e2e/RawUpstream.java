package dev.stoa.e2e;

import dev.stoa.registries.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An upstream that misbehaves: it answers every request with the same bytes, or never. */
final class RawUpstream implements AutoCloseable {
  private final ServerSocket server;
  private final byte[] answer;
  private final boolean silent;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  private RawUpstream(String answer, boolean silent) {
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.answer = answer.getBytes(StandardCharsets.US_ASCII);
    this.silent = silent;
    thread(this::accept);
  }

  /** Says this, whatever it is asked, and closes the connection. */
  static RawUpstream saying(String answer) {
    return new RawUpstream(answer, false);
  }

  /** Takes every request and never answers. */
  static RawUpstream silent() {
    return new RawUpstream("", true);
  }

  /** A port on which nobody listens. */
  static int closedPort() {
    return FreePorts.one();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        thread(() -> serve(socket));
      }
    } catch (IOException closed) {
      open.forEach(RawUpstream::shut);
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      int newlines = 0;
      for (int c = in.read(); c >= 0; c = in.read()) {
        newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
        if (newlines == 2 && !silent) {
          socket.getOutputStream().write(answer);
          shut(socket);
          return;
        }
      }
    } catch (IOException gone) {
      shut(socket);
    }
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "raw-upstream");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
