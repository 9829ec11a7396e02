package dev.stoa.registries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Consul agent in development mode: it keeps nothing on disk, so a restart forgets all. */
public final class ConsulAgent implements AutoCloseable {
  private static final Pattern SECRET = Pattern.compile("\"SecretID\": ?\"([^\"]+)\"");

  private final int port;
  private final ServerProcess process;

  private ConsulAgent(List<String> options, String ready, Predicate<String> isReady) {
    List<Integer> ports = FreePorts.some(4);
    this.port = ports.get(0);
    List<String> command =
        new ArrayList<>(
            List.of(
                ConsulBinary.path().toString(),
                "agent",
                "-dev",
                "-bind=127.0.0.1",
                "-client=127.0.0.1",
                "-http-port=" + port,
                "-grpc-port=-1",
                "-dns-port=-1",
                "-server-port=" + ports.get(1),
                "-serf-lan-port=" + ports.get(2),
                "-serf-wan-port=" + ports.get(3),
                "-log-level=warn"));
    command.addAll(options);
    this.process =
        new ServerProcess(
            command, "consul", URI.create("http://127.0.0.1:" + port + ready), Map.of(), isReady);
  }

  /** One that has been given its ports and is not running. */
  public static ConsulAgent stopped() {
    // Ready when it has written itself into its catalog, which takes a moment longer than to elect
    // a leader.
    return new ConsulAgent(
        List.of(), "/v1/health/service/consul?passing", body -> body.contains("serfHealth"));
  }

  public static ConsulAgent started() {
    return stopped().start();
  }

  /** One that is configured further by a file like this (JSON), and has elected a leader. */
  public static ConsulAgent configured(String json) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "registries"));
      Path file = Files.createTempFile(folder, "consul-", ".json");
      Files.writeString(file, json);
      return new ConsulAgent(
              List.of("-config-file=" + file.toAbsolutePath()),
              "/v1/status/leader",
              leader -> leader.contains(":"))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where tokens are asked for: makes, once, the one that may do everything. */
  public String bootstrap() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/acl/bootstrap"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      String answer = "";
      for (int i = 0; i < 100; i++) { // a leader is not at once one that knows of tokens
        answer =
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        Matcher secret = SECRET.matcher(answer);
        if (secret.find()) {
          return secret.group(1);
        }
        Thread.sleep(50);
      }
      throw new AssertionError("Consul gives no token: " + answer);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A value of its key-value store. */
  public void put(String key, String value) {
    expect(request("/v1/kv/" + key).PUT(HttpRequest.BodyPublishers.ofString(value)));
  }

  /** Takes a key away, or all that begin with it if it ends in {@code ?recurse}. */
  public void delete(String key) {
    expect(request("/v1/kv/" + key).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static void expect(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(answer + ": " + answer.body());
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts it, or starts it again with nothing in its memory. */
  public ConsulAgent start() {
    process.start();
    return this;
  }

  public void kill() {
    process.kill();
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    kill();
  }
}
