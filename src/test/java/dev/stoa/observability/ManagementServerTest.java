package dev.stoa.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private final Metrics metrics = new Metrics();
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final HttpClient http = HttpClient.newHttpClient();
  private Vertx vertx;
  private ManagementServer server;

  @BeforeEach
  void open() throws Exception {
    io.vertx.core.VertxOptions options = new io.vertx.core.VertxOptions();
    vertx = metrics.watch(Vertx.builder(), options).build();
    server =
        ManagementServer.open(vertx, new ManagementConfig("127.0.0.1", 0), metrics, ready::get)
            .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
    metrics.close();
  }

  @Test
  void servesTheNumbersAsPrometheusReadsThem() throws Exception {
    metrics.count("stoa_reloads", "Reloads.", java.util.Map.of(), 1);

    HttpResponse<String> answer = ask("GET", "/metrics");

    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(answer.body().contains("\nstoa_reloads_total 1.0\n"), answer.body());
    assertTrue(answer.body().contains("vertx_pool_"), answer.body());
  }

  @Test
  void tellsWhetherTheProcessIsAliveAndWhetherItIsReady() throws Exception {
    assertEquals(200, ask("GET", "/health").statusCode());
    assertEquals(200, ask("GET", "/health/ready").statusCode());

    ready.set(false);

    assertEquals(503, ask("GET", "/health").statusCode());
    assertEquals(503, ask("GET", "/health/ready").statusCode());
    assertEquals(200, ask("GET", "/health/live").statusCode());
  }

  @Test
  void offersNothingElse() throws Exception {
    assertEquals(404, ask("GET", "/").statusCode());
    assertEquals(405, ask("POST", "/metrics").statusCode());
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
