package dev.stoa.limits;

import dev.stoa.e2e.Eventually;
import dev.stoa.registries.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Redis in a process of its own, which keeps nothing on disk: a restart forgets all. */
public final class TestRedis implements AutoCloseable {
  private static final String PROGRAM =
      System.getProperty("os.arch").equals("aarch64")
          ? "/redis-server-6.2.7-linux-arm64"
          : "/redis-server-6.2.6-v5-linux-amd64";
  private static final Path FOLDER = Path.of("target", "redis").toAbsolutePath();
  private static final Duration START = Duration.ofSeconds(30);

  private final int port = FreePorts.one();
  private final List<String> command = new ArrayList<>();
  private Process process;

  private TestRedis(String... options) {
    command.addAll(List.of(program().toString(), "--bind", "127.0.0.1", "--save", ""));
    command.addAll(List.of(options));
  }

  /** One that is running. */
  public static TestRedis started(String... options) {
    TestRedis redis = new TestRedis(options);
    redis.command.addAll(List.of("--port", "" + redis.port));
    redis.start();
    return redis;
  }

  /** One that speaks TLS alone. */
  static TestRedis encrypted(String certificate, String key) {
    TestRedis redis =
        new TestRedis("--tls-cert-file", certificate, "--tls-key-file", key, "--port", "0");
    redis.command.addAll(List.of("--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"));
    redis.command.addAll(List.of("--tls-port", "" + redis.port));
    redis.launch();
    Eventually.within(START, "Redis listens", redis::listens);
    return redis;
  }

  /** Starts it, or starts it again with nothing in its memory. */
  public void start() {
    launch();
    Eventually.within(START, "Redis answers", this::answers);
  }

  private void launch() {
    try {
      process =
          new ProcessBuilder(command)
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(FOLDER.resolve("redis-" + port + ".log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  public int port() {
    return port;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** SIGKILL. */
  public void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGSTOP: connections stay, and nobody answers. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean answers() {
    try {
      return ask("PING").matches("\\+PONG|-NOAUTH.*");
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The first line of the answer to a command. */
  public String ask(String line) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      InputStreamReader in = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
      return String.valueOf(new BufferedReader(in).readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized Path program() {
    Path program = FOLDER.resolve(PROGRAM.substring(1));
    try {
      Files.createDirectories(FOLDER);
      if (!Files.isExecutable(program)) {
        Path whole = Files.createTempFile(FOLDER, "redis", ".part");
        try (InputStream in = TestRedis.class.getResourceAsStream(PROGRAM)) {
          Files.copy(in, whole, StandardCopyOption.REPLACE_EXISTING);
        }
        whole.toFile().setExecutable(true);
        Files.move(whole, program, StandardCopyOption.ATOMIC_MOVE);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
