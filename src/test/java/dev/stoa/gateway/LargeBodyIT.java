package dev.stoa.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** 300 MB of noise pass a gateway that has 128 MB of memory, and arrive as they were sent. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeBodyIT {
  private static final int PIECE = 64 * 1024;
  private static final long LENGTH = 4_800L * PIECE; // 314 MB

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ServerSocket upstream;
  private Process gateway;
  private int port;

  @BeforeAll
  void start() throws IOException {
    upstream = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    gateway =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallGateway.class.getName(),
                String.valueOf(upstream.getLocalPort()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = gateway.inputReader(US_ASCII);
    port = Integer.parseInt(output.readLine());
  }

  @AfterAll
  void stop() throws Exception {
    assertTrue(gateway.isAlive(), "the gateway survived");
    gateway.destroy();
    assertTrue(gateway.waitFor(10, TimeUnit.SECONDS));
    upstream.close();
    threads.shutdownNow();
  }

  private Talk client;
  private Future<Talk> accepted;

  @BeforeEach
  void connect() throws IOException {
    client = Talk.to(port);
    accepted = threads.submit(() -> new Talk(upstream.accept()));
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
    accepted.get().close();
  }

  @Test
  void upWithALength() throws Exception {
    Future<String> sent =
        threads.submit(
            () -> {
              client.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + LENGTH + "\r\n\r\n");
              return send(client.socket().getOutputStream(), false, new AtomicLong());
            });

    Talk up = accepted.get(20, TimeUnit.SECONDS);
    up.head();
    assertEquals(digest(up.in()), sent.get());
    up.say("HTTP/1.1 204 No Content\r\n\r\n");
    assertTrue(client.head().startsWith("HTTP/1.1 204 "));
  }

  @Test
  void upInChunks() throws Exception {
    Future<String> sent =
        threads.submit(
            () -> {
              client.say("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
              return send(client.socket().getOutputStream(), true, new AtomicLong());
            });

    Talk up = accepted.get(20, TimeUnit.SECONDS);
    up.head();
    assertEquals(digest(new Dechunked(up)), sent.get());
    up.say("HTTP/1.1 204 No Content\r\n\r\n");
    assertTrue(client.head().startsWith("HTTP/1.1 204 "));
  }

  @Test
  void downWithALength() throws Exception {
    Future<String> sent = answer("Content-Length: " + LENGTH, false, new AtomicLong());

    client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
    assertEquals(digest(client.in()), sent.get());
  }

  @Test
  void downInChunks() throws Exception {
    Future<String> sent = answer("Transfer-Encoding: chunked", true, new AtomicLong());

    client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
    assertEquals(digest(new Dechunked(client)), sent.get());
  }

  @Test
  void downToAClientThatIsInNoHurry() throws Exception {
    AtomicLong written = new AtomicLong();
    Future<String> sent = answer("Content-Length: " + LENGTH, false, written);

    client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
    TunnelTest.assertStalls(written);
    assertEquals(digest(client.in()), sent.get());
  }

  private Future<String> answer(String framing, boolean chunked, AtomicLong written) {
    return threads.submit(
        () -> {
          Talk up = accepted.get(20, TimeUnit.SECONDS);
          up.head();
          up.say("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
          return send(up.socket().getOutputStream(), chunked, written);
        });
  }

  /** Sends noise and says what its digest was. */
  private static String send(OutputStream out, boolean chunked, AtomicLong written)
      throws IOException {
    MessageDigest digest = sha256();
    SplittableRandom random = new SplittableRandom();
    byte[] piece = new byte[PIECE];
    byte[] frame = (Integer.toHexString(PIECE) + "\r\n").getBytes(US_ASCII);
    for (long sent = 0; sent < LENGTH; sent += PIECE) {
      random.nextBytes(piece);
      digest.update(piece);
      if (chunked) {
        out.write(frame);
      }
      out.write(piece);
      if (chunked) {
        out.write("\r\n".getBytes(US_ASCII));
      }
      written.addAndGet(PIECE);
    }
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(US_ASCII));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digest(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    byte[] piece = new byte[PIECE];
    for (long left = LENGTH; left > 0; ) {
      int read = in.read(piece, 0, (int) Math.min(left, PIECE));
      if (read < 0) {
        throw new EOFException(left + " bytes are missing");
      }
      digest.update(piece, 0, read);
      left -= read;
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The content of a chunked body. */
  private static final class Dechunked extends InputStream {
    private final Talk talk;
    private int left;

    Dechunked(Talk talk) {
      this.talk = talk;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        left = Integer.parseInt(talk.until("\r\n").strip(), 16);
      }
      int read = talk.in().read(target, offset, Math.min(left, length));
      left -= read;
      if (left == 0) {
        talk.until("\r\n");
      }
      return read;
    }
  }
}
