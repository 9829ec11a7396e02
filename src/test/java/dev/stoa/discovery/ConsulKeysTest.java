package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import dev.stoa.config.ConfigStore;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is made of the answers of something that may be a Consul. */
class ConsulKeysTest {
  private static final String TOKEN = "7a1d3c7e-secret-token";

  private final Vertx vertx = Vertx.vertx();
  private final ConsulKeys keys = new ConsulKeys(vertx);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Map<String, Buffer>> answers = new CopyOnWriteArrayList<>();
  private final List<Boolean> restarts = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<ConfigStore.Watch> watches = new ArrayList<>();
  private volatile Consumer<HttpServerRequest> server = any -> {};
  private final int port =
      Waiting.on(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
          .actualPort();

  @AfterEach
  void close() {
    watches.forEach(watch -> Waiting.on(watch.close()));
    Waiting.on(vertx.close());
  }

  @Test
  void asksForAllKeysWithThePrefixAndWaitsForTheNext() {
    server =
        request -> {
          if (request.getParam("index").equals("0")) {
            says(
                request,
                200,
                7,
                list(
                    "my config/stoa/a/b",
                    "1",
                    "my config/stoa/a/",
                    "",
                    "my config/stoa/ü.yaml",
                    "x: y"));
          }
        };

    watch(new JsonObject().put("prefix", "my config/stoa").put("datacenter", "north"));

    Waiting.until(asked::toString, () -> asked.size() == 2);
    assertEquals(
        "/v1/kv/my%20config/stoa/?recurse=true&index=0&wait=10s&dc=north " + TOKEN, asked.get(0));
    assertEquals(
        "/v1/kv/my%20config/stoa/?recurse=true&index=7&wait=10s&dc=north " + TOKEN, asked.get(1));
    assertEquals(
        List.of(Map.of("a/b", Buffer.buffer("1"), "ü.yaml", Buffer.buffer("x: y"))), answers);
  }

  @Test
  void noKeysAreAnAnswerAndAnIndexThatGoesBackIsARestart() {
    server =
        request -> {
          switch (request.getParam("index")) {
            case "0" -> says(request, 200, 9, list("stoa/a", "1"));
            case "9" -> says(request, 404, 3, "");
            default -> {}
          }
        };

    watch(new JsonObject());

    Waiting.until(answers::toString, () -> answers.size() == 2);
    assertEquals(Map.of(), answers.get(1));
    assertEquals(List.of(false, true), restarts);
    assertEquals(List.of(), failures);
  }

  @Test
  void whatIsNoAnswerIsAFailureThatRepeatsNoSecret() {
    List<Consumer<HttpServerRequest>> nonsense =
        List.of(
            request -> says(request, 200, 1, "<html>hunter2"),
            request -> says(request, 200, 1, "[\"hunter2\"]"),
            request -> says(request, 200, 1, "[{\"Key\": \"n2/a\", \"Value\": \"hunter2!\"}]"),
            request -> says(request, 200, 1, "[{\"Key\": \"hunter2/a\", \"Value\": null}]"),
            request -> says(request, 200, 1, "{\"Key\": \"hunter2\"}"),
            request -> request.response().end(list("n5/a", "hunter2")),
            request -> request.response().setStatusCode(404).end(),
            request -> says(request, 403, 1, "no " + TOKEN + " can"),
            request -> says(request, 500, 1, "x".repeat(490) + TOKEN),
            request -> pour(request.response().setChunked(true).putHeader("X-Consul-Index", "1")),
            request -> request.connection().close());
    server =
        request ->
            nonsense
                .get(Integer.parseInt(request.path().replaceAll("/v1/kv/n|/", "")))
                .accept(request);

    for (int i = 0; i < nonsense.size(); i++) {
      watch(new JsonObject().put("prefix", "n" + i));
      int told = i + 1;
      Waiting.until(failures::toString, () -> failures.size() >= told);
      watches.forEach(watch -> Waiting.on(watch.close()));
      watches.clear();
    }

    assertEquals(List.of(), answers);
    String all = failures.toString();
    assertFalse(all.contains("hunter2") || all.contains("secret"), all);
    for (String reason :
        List.of("X-Consul-Index", "no list of keys", "403: no *** can", "more than")) {
      assertTrue(all.contains(reason), all);
    }
  }

  @Test
  void whatAnswersAtOnceAllTheTimeKeepsNobodyBusy() {
    server = request -> says(request, 200, asked.size(), list("stoa/a", "1"));
    long start = System.nanoTime();

    watch(new JsonObject());

    Waiting.until(asked::size, () -> asked.size() >= 11);
    long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
    assertTrue(took >= 10 * 40, () -> "ten rounds in " + took + " ms");
    assertEquals(1, answers.size(), "it is told once");
  }

  @Test
  void isReachedAsDiscoveryIsWhereNothingElseIsSaid() {
    JsonObject discovery =
        new JsonObject()
            .put("host", "consul.example")
            .put("port", 8501)
            .put("token", "theirs")
            .put("tls", new JsonObject().put("enabled", true));
    JsonObject own = new JsonObject().put("enabled", true).put("port", 9).put("token", TOKEN);

    ConsulKeysConfig read = ConsulKeysConfig.from(root(own, discovery)).orElseThrow();

    assertEquals("consul.example", read.access().host());
    assertEquals(9, read.access().port());
    assertEquals(Optional.of(TOKEN), read.access().token());
    assertTrue(read.access().tls().isPresent());
    assertEquals("config/stoa/", read.prefix());
    assertFalse(read.toString().contains(TOKEN));
    assertEquals(keys.place(root(own, discovery)), keys.place(root(own, discovery)));
    assertEquals(Optional.empty(), keys.place(root(new JsonObject(), discovery)));
  }

  @Test
  void namesWhatIsWrongWithIt() {
    JsonObject wrong =
        new JsonObject()
            .put("prefix", "/a")
            .put("wait", "0s")
            .put("start_timeout", 0)
            .put("host", "http://consul");
    ConfigReader reader = root(wrong, new JsonObject());

    ConsulKeys.validate(reader);

    assertEquals(
        List.of(
            "config.consul.prefix",
            "config.consul.wait",
            "config.consul.start_timeout",
            "config.consul.host"),
        reader.errors().stream().map(error -> error.path()).toList());
  }

  @Test
  void aMistakeInWhatIsTakenOverIsToldWhereItStands() {
    ConfigReader reader =
        root(new JsonObject().put("enabled", true), new JsonObject().put("host", "http://consul"));

    ConsulKeys.validate(reader);

    assertEquals(
        List.of("discovery.consul.host"),
        reader.errors().stream().map(error -> error.path()).toList());
  }

  private void watch(JsonObject more) {
    JsonObject own =
        new JsonObject().put("enabled", true).put("prefix", "stoa").mergeIn(more).put("port", port);
    JsonObject agent = new JsonObject().put("host", "127.0.0.1").put("token", TOKEN);
    watches.add(
        keys.place(root(own, agent))
            .orElseThrow()
            .watch(
                new ConfigStore.Listener() {
                  @Override
                  public void answered(Map<String, Buffer> values, boolean restarted) {
                    restarts.add(restarted);
                    answers.add(values);
                  }

                  @Override
                  public void failed(String reason) {
                    failures.add(reason);
                  }
                }));
  }

  private static ConfigReader root(JsonObject own, JsonObject discovery) {
    return ConfigReader.of(
        new JsonObject()
            .put("config", new JsonObject().put("consul", own))
            .put("discovery", new JsonObject().put("consul", discovery)));
  }

  private void answer(HttpServerRequest request) {
    asked.add(request.uri() + " " + request.getHeader("X-Consul-Token"));
    server.accept(request);
  }

  private static void says(HttpServerRequest request, int status, int index, String body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("X-Consul-Index", Integer.toString(index))
        .end(body);
  }

  /** As Consul lists keys and values, which are base64. */
  private static String list(String... keysAndValues) {
    JsonArray list = new JsonArray();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      byte[] value = keysAndValues[i + 1].getBytes(StandardCharsets.UTF_8);
      list.add(
          new JsonObject()
              .put("Key", keysAndValues[i])
              .put("Value", value.length == 0 ? null : Base64.getEncoder().encodeToString(value)));
    }
    return list.encode();
  }

  private static void pour(HttpServerResponse response) {
    response.write(Buffer.buffer(new byte[64 * 1024])).onSuccess(more -> pour(response));
  }
}
