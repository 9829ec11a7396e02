package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin API of the configuration, over real sockets and real files. */
final class ConfigEndpointsTest {
  private static final String BASE = "/api/admin/config";

  private final GatewayFixture fixture = new GatewayFixture("{}");
  private final Path conf = fixture.data.resolve("conf");

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(conf);
    write("rate_limiting: {default_limit: 10/minute}\nauth: {jwt_secret: hunter2}\n");
    GatewayFixture.await(fixture.files.start());
  }

  @AfterEach
  void close() {
    GatewayFixture.await(fixture.files.close());
    fixture.close();
  }

  @Test
  void onlyAdminsMayAsk() throws IOException {
    for (String path : ConfigEndpoints.PATHS) {
      String method = path.matches(".*/(check|rollback)") ? "POST" : "GET";

      RawResponse nobody = fixture.request(method, path).json("{}").send();
      RawResponse customer =
          fixture.request(method, path).token(fixture.bearer("zeno", "customer")).json("{}").send();

      assertEquals(401, nobody.status(), path);
      assertEquals(403, customer.status(), path);
    }
  }

  @Test
  void showsWhatIsInEffectWithoutSecretsAndWhoAgrees() throws IOException {
    JsonObject config = get(BASE);

    assertEquals(fixture.files.status().revision(), config.getString("revision"));
    assertEquals("files", config.getString("source"));
    assertEquals("here", config.getString("node"));
    assertEquals(1, config.getJsonArray("nodes").size());
    assertTrue(config.getBoolean("agree"));
    JsonObject effective = config.getJsonObject("effective");
    assertEquals("10/minute", effective.getJsonObject("rate_limiting").getString("default_limit"));
    assertEquals("***", effective.getJsonObject("auth").getString("jwt_secret"));
    assertEquals("auth", config.getJsonArray("warnings").getJsonObject(0).getString("path"));
  }

  @Test
  void aDryRunTellsEveryErrorWithFileAndLineAndChangesNothing() throws IOException {
    String text =
        "routes:\n  - {name: a, path: /a, target: 'http://a.example', retyr: 1}\n"
            + "gateway: {port: 99999}\nrate_limiting: {default_limit: often}\n";

    JsonObject report =
        post("/check", new JsonObject().put("file", "routes.yaml").put("content", text));

    assertFalse(report.getBoolean("valid"));
    List<JsonObject> errors = objects(report.getJsonArray("errors"));
    assertEquals(
        List.of("gateway.port", "rate_limiting.default_limit"),
        errors.stream().map(error -> error.getString("path")).sorted().toList());
    JsonObject port =
        errors.stream().filter(e -> e.getString("path").equals("gateway.port")).findFirst().get();
    assertEquals(3, port.getInteger("line"));
    assertTrue(port.getString("file").endsWith("routes.yaml"), port::encode);
    assertTrue(port.getString("reason").contains("99999"), port::encode);
    assertEquals(1, get(BASE + "/history").getJsonArray("items").size());
  }

  @Test
  void aDryRunOfAGoodFileTellsWhatWouldChange() throws IOException {
    JsonObject report =
        post(
            "/check",
            new JsonObject()
                .put("file", "config.yaml")
                .put("content", "rate_limiting: {default_limit: 20/minute}\n"));

    assertTrue(report.getBoolean("valid"), report::encode);
    assertEquals(
        List.of(
            new JsonObject().put("path", "auth.jwt_secret").put("before", "***").putNull("after"),
            new JsonObject()
                .put("path", "rate_limiting.default_limit")
                .put("before", "10/minute")
                .put("after", "20/minute")),
        objects(report.getJsonArray("changes")));
  }

  @Test
  void refusesToCheckAFileThatIsNotReadAndBodiesThatSayNothing() throws IOException {
    assertEquals(400, send("/check", "{\"file\": \"../passwd\", \"content\": \"a: 1\"}").status());
    assertEquals(400, send("/check", "{\"file\": \"config.yaml\"}").status());
    assertEquals(400, send("/rollback", "{\"revision\": 7}").status());
    assertEquals(400, send("/rollback", "[]").status());
  }

  @Test
  void rollsBackAndSaysSoInStatusHistoryAndDifference() throws IOException {
    String good = fixture.files.status().revision();
    write("rate_limiting: {default_limit: 1/day}\nauth: {jwt_secret: hunter2}\n");
    GatewayFixture.await(fixture.files.reload());
    String bad = fixture.files.status().revision();

    JsonObject done = post("/rollback", new JsonObject().put("revision", good));

    assertEquals(good, done.getString("rolled_back_to"));
    assertTrue(done.getBoolean("kept_on_disk"));
    assertEquals("zeno", done.getString("by"));
    JsonObject config = get(BASE);
    assertEquals("rollback", config.getString("source"));
    assertEquals("zeno", config.getJsonObject("rollback").getString("by"));
    List<JsonObject> items = objects(get(BASE + "/history").getJsonArray("items"));
    assertEquals(
        List.of("rollback", "files", "start"),
        items.stream().map(item -> item.getString("source")).toList());
    JsonObject expected =
        new JsonObject()
            .put("path", "rate_limiting.default_limit")
            .put("before", "10/minute")
            .put("after", "1/day");
    assertEquals(
        List.of(expected),
        objects(get(BASE + "/diff?from=" + good + "&to=" + bad).getJsonArray("changes")));
    assertEquals(
        List.of(expected.copy().put("before", "1/day").put("after", "10/minute")),
        objects(get(BASE + "/diff").getJsonArray("changes")),
        "without parameters: what the last change did");
  }

  @Test
  void aRevisionThatIsNotKeptIs404() throws IOException {
    assertEquals(404, send("/rollback", "{\"revision\": \"7-12345678\"}").status());
    assertEquals(404, fixture.get(BASE + "/diff?from=7-12345678").token(admin()).send().status());
  }

  private void write(String text) throws IOException {
    Files.writeString(conf.resolve("config.yaml"), text);
  }

  private String admin() {
    return fixture.bearer("zeno", "admin");
  }

  private JsonObject get(String path) throws IOException {
    RawResponse response = fixture.get(path).token(admin()).send();
    assertEquals(200, response.status(), response::body);
    assertFalse(response.body().contains("hunter"), response::body);
    return response.json();
  }

  private JsonObject post(String path, JsonObject body) throws IOException {
    RawResponse response = send(path, body.encode());
    assertEquals(200, response.status(), response::body);
    assertFalse(response.body().contains("hunter"), response::body);
    return response.json();
  }

  private RawResponse send(String path, String body) throws IOException {
    return fixture.request("POST", BASE + path).token(admin()).json(body).send();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return Stream.of(array.getList().toArray())
        .map(one -> one instanceof JsonObject json ? json : new JsonObject(cast(one)))
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static java.util.Map<String, Object> cast(Object map) {
    return (java.util.Map<String, Object>) map;
  }
}
