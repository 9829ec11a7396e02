import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a crowd of slow clients does to the others: connections that drip a head or a body, one byte
 * a second each, against the packaged jar, while well-behaved clients measure how long their
 * requests take. Dripping connections that are closed are opened again for as long as the attack
 * lasts; after it, none may be left within 30 s.
 *
 * <pre>java src/test/bench/SlowLoris.java [connections, 10000] [seconds, 30] [jar]</pre>
 *
 * Needs {@code ulimit -n} above twice the number of connections only if both ends share it.
 */
final class SlowLoris {
  private static final String CONFIG =
      """
      gateway: {port: %d, max_connections: 12000, max_connections_per_client: 0}
      services:
        user-service: {port: 0}
        product-service: {port: 0}
        order-service: {port: 0}
        payment-service: {port: 0}
      rate_limiting: {default_limit: 1000000/second, login_limit: 1000000/second}
      """;
  private static final String ROUTES =
      """
      routes:
        - {name: products, path: /api/products/*, target: http://product-service, auth: none, rate_limit: none}
      """;
  private static final String GET = "GET /api/products?limit=1 HTTP/1.1\r\nHost: a\r\n";
  private static final String SLOW_HEAD = GET + "X-A: ";
  private static final String SLOW_BODY =
      "POST /api/products HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          + "Content-Length: 100000\r\n\r\n{";

  private final int port;
  private final List<SocketChannel> drippers = new ArrayList<>();
  private final ByteBuffer in = ByteBuffer.allocate(4 * 1024);
  private long opened;
  private volatile boolean measuring = true;

  private SlowLoris(int port) {
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    int connections = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
    int port;
    try (ServerSocket any = new ServerSocket(0)) {
      port = any.getLocalPort();
    }
    Path home = Files.createTempDirectory("stoa-bench");
    Path conf = Files.createDirectory(home.resolve("conf"));
    Files.writeString(conf.resolve("config.yaml"), CONFIG.formatted(port));
    Files.writeString(conf.resolve("routes.yaml"), ROUTES);
    Process stoa =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of(args.length > 2 ? args[2] : "target/stoa.jar").toAbsolutePath().toString(),
                "--conf",
                conf.toString())
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("out.txt").toFile())
            .start();
    try {
      new SlowLoris(port).run(connections, seconds);
    } finally {
      stoa.destroy();
      stoa.waitFor(30, TimeUnit.SECONDS);
      stoa.destroyForcibly();
    }
  }

  private void run(int connections, int seconds) throws Exception {
    awaitAnswer();
    measure("warm-up", () -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10)));
    measure("without", () -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10)));
    long start = System.nanoTime();
    measure("with " + connections + " drippers", () -> attack(connections, seconds));
    System.out.printf(
        "%d connections opened in %d s, %d open at the end%n",
        opened, (System.nanoTime() - start) / 1_000_000_000L, drippers.size());
    long end = System.nanoTime();
    measure("after", this::drain);
    System.out.printf("all closed %.1f s after the attack%n", (System.nanoTime() - end) / 1e9);
  }

  private void attack(int connections, int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      long round = System.nanoTime();
      while (drippers.size() < connections && System.nanoTime() < end) {
        open();
      }
      drippers.removeIf(channel -> !drips(channel));
      LockSupport.parkNanos(round + TimeUnit.SECONDS.toNanos(1) - System.nanoTime());
    }
  }

  private void drain() {
    while (!drippers.isEmpty()) {
      drippers.removeIf(channel -> !drips(channel));
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
  }

  private void open() {
    try {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      String beginning = opened++ % 2 == 0 ? SLOW_HEAD : SLOW_BODY;
      channel.write(ByteBuffer.wrap(beginning.getBytes(US_ASCII)));
      channel.configureBlocking(false);
      drippers.add(channel);
    } catch (IOException refused) {
      // the next round tries again
    }
  }

  private boolean drips(SocketChannel channel) {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {'x'}));
      in.clear();
      if (channel.read(in) >= 0) {
        return true;
      }
      channel.close();
    } catch (IOException reset) {
      try {
        channel.close();
      } catch (IOException closed) {
        return false;
      }
    }
    return false;
  }

  /** Runs it while two clients measure, one on a connection of its own for each request. */
  private void measure(String phase, Runnable what) throws InterruptedException {
    measuring = true;
    List<Long> kept = new ArrayList<>();
    List<Long> fresh = new ArrayList<>();
    int[] failed = new int[2];
    Thread a = new Thread(() -> keepAlive(kept, failed));
    Thread b = new Thread(() -> fresh(fresh, failed));
    a.start();
    b.start();
    what.run();
    measuring = false;
    a.join();
    b.join();
    System.out.printf(
        "%-22s kept connection %s, new connection %s, failed %d + %d%n",
        phase, percentiles(kept), percentiles(fresh), failed[0], failed[1]);
  }

  private void keepAlive(List<Long> times, int[] failed) {
    while (measuring) {
      try (Socket socket = connect()) {
        while (measuring) {
          times.add(ask(socket, GET + "\r\n", System.nanoTime()));
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
      } catch (IOException e) {
        failed[0]++;
      }
    }
  }

  private void fresh(List<Long> times, int[] failed) {
    while (measuring) {
      long start = System.nanoTime();
      try (Socket socket = connect()) {
        times.add(ask(socket, GET + "Connection: close\r\n\r\n", start));
      } catch (IOException e) {
        failed[1]++;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** One answer of 200, which all stands in one packet. */
  private static long ask(Socket socket, String request, long start) throws IOException {
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    byte[] answer = new byte[8 * 1024];
    int read = socket.getInputStream().read(answer);
    if (read < 12 || !new String(answer, 0, 12, US_ASCII).equals("HTTP/1.1 200")) {
      throw new IOException("not answered");
    }
    return System.nanoTime() - start;
  }

  private void awaitAnswer() throws Exception {
    for (int i = 0; i < 600; i++) {
      try (Socket socket = connect()) {
        ask(socket, GET + "\r\n", 0);
        return;
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException("it does not start");
  }

  private static String percentiles(List<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0
        ? "none"
        : "n=%d p50=%.1f p99=%.1f max=%.1f ms"
            .formatted(
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                Arrays.stream(sorted).max().orElse(0) / 1e6);
  }
}
