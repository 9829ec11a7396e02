package dev.stoa.app;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks a running node by its admin API. Blocks: for a command. */
final class NodeQuestion {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * What came of it.
   *
   * @param silence why there is no answer
   */
  record Answer(Optional<JsonObject> body, Optional<String> silence) {
    private static Answer none(String why) {
      return new Answer(Optional.empty(), Optional.of(why));
    }
  }

  /** The node understands the question, and says what is wrong with it. */
  static final class Misunderstood extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Misunderstood(String why) {
      super(why);
    }
  }

  private final URI node;
  private final String token;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * Questions to one node.
   *
   * @param token of an admin
   */
  NodeQuestion(URI node, String token) {
    if (node.getScheme() == null || node.getHost() == null) {
      throw new Misunderstood("--url has to be like http://127.0.0.1:8000");
    }
    this.node = node;
    this.token = token;
  }

  /** Posts {@code question}. */
  Answer ask(String path, JsonObject question) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(node.resolve(path))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer " + token)
              .POST(HttpRequest.BodyPublishers.ofString(question.encode()))
              .build();
      return read(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException | IllegalArgumentException away) {
      return Answer.none("it cannot be reached");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.none("interrupted");
    }
  }

  private static Answer read(HttpResponse<String> response) {
    try {
      JsonObject body = new JsonObject(response.body());
      if (response.statusCode() == 400 && body.containsKey("errors")) {
        throw new Misunderstood(wrong(body.getJsonArray("errors")));
      }
      return response.statusCode() == 200
          ? new Answer(Optional.of(body), Optional.empty())
          : Answer.none(response.statusCode() + " " + body.getString("title", ""));
    } catch (DecodeException other) {
      return Answer.none("something else answers there");
    }
  }

  private static String wrong(JsonArray errors) {
    return errors.stream()
        .map(JsonObject.class::cast)
        .map(error -> error.getString("field") + " " + error.getString("reason"))
        .collect(Collectors.joining("; "));
  }
}
