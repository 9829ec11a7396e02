package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A running Stoa: the packaged jar as a child process, as users run it. Whoever starts one closes
 * it in any case; one that was forgotten ends with the tests.
 */
final class StoaProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(180);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final int TERMINATED = 128 + 15;

  private final Process process;
  private final Path output;
  private final Ports ports;
  private final long startedNanos = System.nanoTime();
  private final Thread lastResort;

  StoaProcess(Process process, Path output, Ports ports) {
    this.process = process;
    this.output = output;
    this.ports = ports;
    this.lastResort = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  Ports ports() {
    return ports;
  }

  long pid() {
    return process.pid();
  }

  /** Since it was started. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** Everything that it has printed so far. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the gateway says that it is ready. */
  StoaProcess awaitReady() {
    return awaitAnswer("/health/ready");
  }

  /** Waits until the gateway answers this path with 200. */
  StoaProcess awaitAnswer(String path) {
    return await("ready", () -> status(path) == 200);
  }

  /** Waits until the gateway takes connections, and no longer. */
  StoaProcess awaitOpen() {
    return await("open", this::accepts);
  }

  private StoaProcess await(String what, BooleanSupplier there) {
    try {
      while (!there.getAsBoolean()) {
        // The pause between two looks is spent watching for an early end.
        if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
          fail("it ended with " + process.exitValue() + ":\n" + output());
        }
        if (age().compareTo(START) > 0) {
          fail("not " + what + " within " + START.toSeconds() + " s:\n" + output());
        }
      }
      return this;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (AssertionError e) {
      kill();
      throw e;
    }
  }

  /** With which status the gateway answers this path; 0 where it does not. */
  int status(String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + ports.gateway() + path);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      try {
        return connection.getResponseCode();
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** SIGSTOP: it stands still and keeps all that it has. */
  void pause() {
    signal("STOP");
  }

  /** SIGCONT: it goes on and knows nothing of having stood still. */
  void unpause() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      assertEquals(0, exit, () -> "kill -" + name + " " + pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGTERM, without waiting for what comes of it. */
  void terminate() {
    process.destroy();
  }

  /** Waits until it takes no connections any more. */
  void awaitRefusal() {
    Eventually.within(STOP, "no more connections", () -> !accepts());
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.gateway())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has ended by itself. */
  int awaitExit() {
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        String said = output();
        kill();
        fail("not stopped within " + STOP.toSeconds() + " s:\n" + said);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      forget();
    }
  }

  /** SIGTERM, and waits for the orderly end. */
  void stop() {
    assertTrue(
        isAlive(), () -> "it ended by itself with " + process.exitValue() + ":\n" + output());
    terminate();
    assertEquals(TERMINATED, awaitExit(), this::output);
  }

  /** SIGKILL: what a crash looks like. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      forget();
    }
  }

  /** Ends it in whatever state it is. */
  @Override
  public void close() {
    if (isAlive()) {
      stop();
    }
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(lastResort);
    } catch (IllegalStateException stopping) {
      lastResort.interrupt();
    }
  }
}
