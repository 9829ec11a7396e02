package dev.stoa.discovery;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Something that is asked as a registry is, and answers what a test wants; 404 to the rest. */
final class FakeRegistry {
  private record Said(String body, int index) {}

  private final Map<String, Said> answers = new ConcurrentHashMap<>();
  private final int port;
  private volatile boolean hangs;

  FakeRegistry(Vertx vertx) {
    this.port =
        Waiting.on(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
            .actualPort();
  }

  /** To GET requests of this path from now on. */
  void says(String path, String body, int index) {
    answers.put(path, new Said(body, index));
    hangs = false;
  }

  /** Answers nothing from now on. */
  void hangs() {
    hangs = true;
  }

  DiscoveryConfig eureka(String fetch) {
    String url = "http://127.0.0.1:" + port + "/eureka";
    return Discoveries.config(
        new JsonObject()
            .put("type", "eureka")
            .put(
                "eureka",
                new JsonObject()
                    .put("url", url)
                    .put("fetch", fetch)
                    .put("fetch_interval", "200ms")));
  }

  DiscoveryConfig consul() {
    return Discoveries.config(
        new JsonObject()
            .put("type", "consul")
            .put(
                "consul",
                new JsonObject().put("host", "127.0.0.1").put("port", port).put("wait", "1s")));
  }

  private void answer(HttpServerRequest request) {
    Said said = answers.get(request.path());
    if (!hangs) {
      request
          .response()
          .setStatusCode(said == null ? 404 : 200)
          .putHeader("X-Consul-Index", said == null ? "1" : Integer.toString(said.index))
          .end(said == null ? "" : said.body);
    }
  }
}
