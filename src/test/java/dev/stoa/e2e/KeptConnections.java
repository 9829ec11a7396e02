package dev.stoa.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Clients as HTTP libraries are: each keeps its connection from request to request until it is told
 * not to, and asks a second time, on a new one, where the old one was closed without a byte of an
 * answer. They go on until nobody takes connections any more. What such a client cannot mend is a
 * fault: an answer that breaks off, one of 5xx, a new connection that is accepted and not answered.
 */
final class KeptConnections {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int port;
  private final Supplier<String> request;
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<CompletableFuture<Void>> clients;

  /**
   * Begins.
   *
   * @param request head and body of the next one
   */
  KeptConnections(int port, int count, Supplier<String> request) {
    this.port = port;
    this.request = request;
    this.clients =
        IntStream.range(0, count)
            .mapToObj(i -> CompletableFuture.runAsync(this::flow, KeptConnections::thread))
            .toList();
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "kept-connection");
    thread.setDaemon(true);
    thread.start();
  }

  private void flow() {
    try {
      boolean open = true;
      while (open) {
        open = converse();
      }
    } catch (IOException | RuntimeException e) {
      faults.add(e.toString());
    }
  }

  /** Asks on one connection for as long as it lasts; whether another one may be tried. */
  private boolean converse() throws IOException {
    try (Socket socket = connect()) {
      if (socket == null) {
        return false;
      }
      socket.setSoTimeout((int) PATIENCE.toMillis());
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int asked = 0; ; asked++) {
        StringBuilder head = new StringBuilder();
        try {
          socket.getOutputStream().write(request.get().getBytes(StandardCharsets.UTF_8));
          if (!answer(in, head)) {
            told.incrementAndGet();
            return true;
          }
        } catch (IOException broken) {
          return mendable(asked, head, broken);
        }
      }
    }
  }

  private Socket connect() throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (ConnectException refused) {
      return null;
    }
  }

  private boolean mendable(int asked, StringBuilder head, IOException broken) {
    if (head.length() > 0 || broken instanceof SocketTimeoutException) {
      faults.add(broken + " after " + head);
      return false;
    }
    // A new one waited in the kernel when the door was closed: refused by another name.
    (asked == 0 ? turnedAway : closed).incrementAndGet();
    return true;
  }

  /** Reads one answer; whether more may be asked on this connection. */
  private boolean answer(InputStream in, StringBuilder head) throws IOException {
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed");
      }
      head.append((char) next);
    }
    String fields = head.toString().toLowerCase();
    int at = fields.indexOf("\r\ncontent-length:");
    int length =
        at < 0 ? 0 : Integer.parseInt(fields.substring(at + 17).split("\r\n", 2)[0].strip());
    if (in.readNBytes(length).length < length) {
      throw new IOException("closed amid a body");
    }
    if (fields.startsWith("http/1.1 5") || at < 0) {
      faults.add(head.toString());
    }
    answered.incrementAndGet();
    return !fields.contains("\r\nconnection: close\r\n");
  }

  /** Waits for so many more answers. */
  void awaitMore(int count) {
    int wanted = answered.get() + count;
    Eventually.within(
        PATIENCE, () -> count + " more answers; " + this, () -> answered.get() >= wanted);
  }

  /** Waits until all have been refused. */
  void awaitEnd() {
    Eventually.within(
        PATIENCE, this::toString, () -> clients.stream().allMatch(CompletableFuture::isDone));
  }

  /** How often an answer said that it was the last one of its connection. */
  int told() {
    return told.get();
  }

  /** How often a kept connection was closed while a request was on its way. */
  int closed() {
    return closed.get();
  }

  /** How often a new connection was closed without an answer. */
  int turnedAway() {
    return turnedAway.get();
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public String toString() {
    return answered
        + " answered, "
        + told
        + " told, "
        + closed
        + " closed, "
        + turnedAway
        + " turned away, faults "
        + faults;
  }
}
