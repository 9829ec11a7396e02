package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Prometheus and its promtool: those on the path, or else those of Debian's package, fetched
 * with apt and unpacked, not installed, and kept for the next run.
 */
final class PrometheusTools implements AutoCloseable {
  private static final Path CACHE = Path.of("target", "prometheus").toAbsolutePath();
  private static final long COMMAND_MINUTES = 5;
  private static final Duration START = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;
  private URI api;

  /** What a command said, all of it. */
  record Said(int exit, String text) {}

  /** Runs promtool. */
  static Said promtool(Path input, String... arguments) {
    return run(input, Stream.concat(Stream.of(find("promtool")), Stream.of(arguments)).toList());
  }

  /** Starts a Prometheus with this configuration, which keeps what it scrapes in that folder. */
  PrometheusTools start(Path config, Path data) {
    int port = Ports.free().gateway();
    api = URI.create("http://127.0.0.1:" + port);
    try {
      process =
          new ProcessBuilder(
                  find("prometheus"),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + data.resolve("tsdb"),
                  "--web.listen-address=127.0.0.1:" + port,
                  "--log.level=warn")
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("prometheus.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Eventually.within(START, "Prometheus is ready", () -> status("/-/ready") == 200);
    return this;
  }

  /** What an API call answers, which has to succeed. */
  JsonObject get(String path) {
    try {
      HttpResponse<String> answer = send(path);
      JsonObject json = new JsonObject(answer.body());
      assertEquals("success", json.getString("status"), () -> path + " → " + answer.body());
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The result of an expression now. */
  JsonObject query(String expression) {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    return get("/api/v1/query?query=" + encoded).getJsonObject("data");
  }

  private int status(String path) {
    try {
      return send(path).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private HttpResponse<String> send(String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(api + path)).timeout(START).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private static synchronized String find(String program) {
    Path kept = CACHE.resolve(Path.of("usr", "bin", program));
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(
            () -> {
              if (!Files.isExecutable(kept)) {
                fetch();
              }
              return kept;
            })
        .toString();
  }

  private static void fetch() {
    try {
      Files.createDirectories(CACHE);
      List<String> download = List.of("apt-get", "-q", "download", "prometheus");
      if (run(null, download).exit != 0) {
        run(null, List.of("apt-get", "-q", "update"));
        Said said = run(null, download);
        assertEquals(0, said.exit, said::text);
      }
      try (Stream<Path> files = Files.list(CACHE)) {
        Path deb = files.filter(file -> file.toString().endsWith(".deb")).findFirst().orElseThrow();
        Said said = run(null, List.of("dpkg", "-x", deb.toString(), "."));
        assertEquals(0, said.exit, said::text);
        Files.delete(deb);
      }
    } catch (IOException e) {
      throw new AssertionError("there is no Prometheus, and it could not be fetched", e);
    }
  }

  private static Said run(Path input, List<String> command) {
    try {
      Files.createDirectories(CACHE);
      Path output = Files.createTempFile(CACHE, "command-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(CACHE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      Process process = builder.start();
      boolean ended = process.waitFor(COMMAND_MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly().waitFor();
      String text = Files.readString(output);
      Files.delete(output);
      return new Said(ended ? process.exitValue() : -1, command + "\n" + text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
