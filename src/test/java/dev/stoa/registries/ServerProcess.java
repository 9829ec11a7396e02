package dev.stoa.registries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A server in a process of its own, which ends with the tests at the latest. */
final class ServerProcess {
  private static final Duration START = Duration.ofSeconds(120);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final List<String> command;
  private final Path output;
  private final URI ready;
  private final Map<String, String> headers;
  private final Predicate<String> isReady;
  private Process process;

  /**
   * One that is not started yet.
   *
   * @param ready asked until it answers 200 with a body that {@code isReady} accepts
   */
  ServerProcess(
      List<String> command,
      String name,
      URI ready,
      Map<String, String> headers,
      Predicate<String> isReady) {
    this.command = command;
    this.ready = ready;
    this.headers = headers;
    this.isReady = isReady;
    try {
      Path folder = Files.createDirectories(Path.of("target", "registries"));
      this.output = Files.createTempFile(folder, name + "-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    launch();
    awaitReady();
  }

  void launch() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  void awaitReady() {
    long deadline = System.nanoTime() + START.toNanos();
    try {
      while (!answers()) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new AssertionError("not ready: " + command + "\n" + Files.readString(output));
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5));
      headers.forEach(request::header);
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 && isReady.test(answer.body());
    } catch (IOException notYet) {
      return false;
    }
  }

  /** SIGKILL. */
  void kill() {
    if (process != null) {
      try {
        process.destroyForcibly().waitFor();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
