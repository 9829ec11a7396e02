package dev.stoa.drill;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** The HTTP API of one process, as a client sees it. Safe on any thread, which it blocks. */
final class Api {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client;
  private final int port;
  private final String token;

  /** What came back. {@code status} is 0 where nothing did. */
  record Answer(int status, String body, Optional<String> retryAfter) {
    static final Answer NONE = new Answer(0, "", Optional.empty());

    boolean ok() {
      return status >= 200 && status < 300;
    }

    /** Whether it tells what became of the request: neither silence nor "not now". */
    boolean definite() {
      return status > 0 && status < 500 && status != 409 && status != 429;
    }

    JsonObject json() {
      try {
        return new JsonObject(body);
      } catch (DecodeException e) {
        return new JsonObject();
      }
    }
  }

  Api(HttpClient client, int port, String token) {
    this.client = client;
    this.port = port;
    this.token = token;
  }

  int port() {
    return port;
  }

  Api as(String otherToken) {
    return new Api(client, port, otherToken);
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer put(String path, JsonObject body) {
    return send(json(request(path)).PUT(BodyPublishers.ofString(body.encode())));
  }

  Answer post(String path, JsonObject body) {
    return send(json(request(path)).POST(BodyPublishers.ofString(body.encode())));
  }

  /** A POST that may be sent again under the same key. */
  Answer post(String path, JsonObject body, String key) {
    return send(
        json(request(path))
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body.encode())));
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request) {
    return request.header("Content-Type", "application/json");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          answer.statusCode(), answer.body(), answer.headers().firstValue("Retry-After"));
    } catch (IOException silence) {
      return Answer.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.NONE;
    }
  }
}
