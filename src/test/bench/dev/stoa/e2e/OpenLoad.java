package dev.stoa.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests at a fixed rate, whether or not they are answered, from a number of connections that each
 * have one request under way at most: as many clients, which stay away for as long as they are told to. For
 * one thread, and cheap, so that it can offer several times what a gateway can do.
 */
final class OpenLoad implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
  private static final Pattern RETRY_AFTER = Pattern.compile("\r\nRetry-After: ([0-9]+)\r\n");
  private static final int STATUS_AT = 9;

  /** What came of one phase. */
  static final class Phase {
    final Map<Integer, Integer> statuses = new TreeMap<>();
    final List<Long> latencies = new ArrayList<>();
    final int[] sentBySecond;
    final int[] goodBySecond;
    int sent;
    int unsent;
    int rude;
    int broken;
    final int seconds;

    Phase(int seconds) {
      this.seconds = seconds;
      this.sentBySecond = new int[seconds + 1];
      this.goodBySecond = new int[seconds + 1];
    }

    double goodPerSecond() {
      return (double) latencies.size() / seconds;
    }

    /** The first second from which on nearly all requests were answered well. */
    int secondsUntilWell() {
      int well = seconds;
      while (well > 0 && goodBySecond[well - 1] >= 0.95 * sentBySecond[well - 1]) {
        well--;
      }
      return well;
    }

    long millis(double quantile) {
      Collections.sort(latencies);
      int at = (int) (quantile * (latencies.size() - 1));
      return latencies.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMillis(latencies.get(at));
    }

    @Override
    public String toString() {
      return "offered %d/s, of them %d/s on a connection, good %.0f/s (p50 %d ms, p99 %d ms), broken %d, %s"
          .formatted(
              (sent + unsent) / seconds,
              sent / seconds,
              goodPerSecond(),
              millis(0.5),
              millis(0.99),
              broken,
              statuses);
    }
  }

  private final class Client {
    final ByteBuffer in = ByteBuffer.allocate(4 * 1024);
    SocketChannel channel;
    long sentAt;
    int second;
    Phase sentIn;
    boolean busy;

    void connect() throws IOException {
      channel = SocketChannel.open();
      channel.connect(to);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
      in.clear();
      busy = false;
      idle.add(this);
    }

    void send(int inSecond) {
      busy = true;
      second = inSecond;
      sentIn = phase;
      sentAt = System.nanoTime();
      phase.sent++;
      phase.sentBySecond[inSecond]++;
      try {
        channel.write(ByteBuffer.wrap(requests.get(next++ % requests.size())));
      } catch (IOException gone) {
        broken();
      }
    }

    void read() {
      try {
        if (channel.read(in) < 0) {
          broken();
          return;
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(text);
        if (head > 0
            && length.find()
            && in.position() >= head + 4 + Integer.parseInt(length.group(1))) {
          in.clear();
          answered(text);
        }
      } catch (IOException gone) {
        broken();
      }
    }

    private void answered(String text) {
      int status = Integer.parseInt(text.substring(STATUS_AT, STATUS_AT + 3));
      sentIn.statuses.merge(status, 1, Integer::sum);
      long took = System.nanoTime() - sentAt;
      if (status == 200 && took <= PATIENCE_NANOS) {
        sentIn.latencies.add(took);
        sentIn.goodBySecond[second]++;
      } else if (status != 200 && !text.contains("\r\nRetry-After: ")) {
        sentIn.rude++;
      }
      busy = false;
      if (status == 503) {
        sentAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(retryAfter(text));
        away.add(this);
      } else {
        idle.add(this);
      }
    }

    private static int retryAfter(String text) {
      Matcher seconds = RETRY_AFTER.matcher(text);
      return seconds.find() ? Integer.parseInt(seconds.group(1)) : 0;
    }

    private void broken() {
      if (busy) {
        phase.broken++;
      }
      idle.remove(this);
      away.remove(this);
      try {
        channel.close();
        connect();
      } catch (IOException refused) {
        throw new IllegalStateException("no connection any more", refused);
      }
    }
  }

  private final Selector selector = Selector.open();
  private final Deque<Client> idle = new ArrayDeque<>();
  private final Queue<Client> away = new PriorityQueue<>(Comparator.comparing(c -> c.sentAt));
  private final InetSocketAddress to;
  private final List<byte[]> requests;
  private int next;
  private Phase phase = new Phase(1);

  OpenLoad(int port, List<String> tokens, int connections) throws IOException {
    this.to = new InetSocketAddress("127.0.0.1", port);
    this.requests = tokens.stream().map(OpenLoad::request).toList();
    for (int i = 0; i < connections; i++) {
      new Client().connect();
    }
  }

  private static byte[] request(String token) {
    return ("GET /work HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** So many requests in each of so many seconds; what is not answered by then does not count. */
  Phase run(double perSecond, int seconds) throws IOException {
    phase = new Phase(seconds);
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    long due = 0;
    for (long now = start; now < end; now = System.nanoTime()) {
      int second = (int) TimeUnit.NANOSECONDS.toSeconds(now - start);
      long target = (long) ((now - start) / 1e9 * perSecond);
      while (!away.isEmpty() && now >= away.peek().sentAt) {
        idle.add(away.poll());
      }
      for (; due < target && !idle.isEmpty(); due++) {
        idle.poll().send(second);
      }
      phase.unsent += (int) (target - due);
      due = target;
      selector.select(key -> ((Client) key.attachment()).read(), 1);
    }
    return phase;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
