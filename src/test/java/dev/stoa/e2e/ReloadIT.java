package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator changes while the shop is open: seen within two seconds, and by no customer. */
@ExtendWith(VertxExtension.class)
class ReloadIT {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final int EDITS = 200;

  /** Neither the fixture's command line nor its environment has a say in what is edited here. */
  private static final String CONFIG = "service: {log_level: INFO}\n";

  @TempDir static Path home;
  private static RunningShop running;
  private static Shop shop;
  private static Caller customer;
  private static String product;

  @BeforeAll
  static void open(Vertx vertx) {
    StoaSetup setup = StoaSetup.in(home).file("config.yaml", CONFIG);
    running = RunningShop.open(vertx, setup);
    shop = running.shop();
    customer = shop.customer();
    product = shop.product(running.admin(), "Amphora", 1, 1_000_000);
  }

  @AfterAll
  static void close() {
    if (running != null) {
      running.close();
    }
  }

  @BeforeEach
  void backToNormal() {
    edit("config.yaml", CONFIG);
    edit("routes.yaml", Routes.shop());
    Eventually.within(
        SOON,
        () -> "the plain configuration is in force: " + health(),
        () ->
            health().getString("status").equals("current")
                && extra(0).status() == 404
                && !health().containsKey("restart_needed"));
  }

  @Test
  void twoHundredEditsAndNoRequestFails() {
    RequestLoad readers =
        RequestLoad.of(3, () -> shop.visitor().get("/api/products/" + product).expect(200));
    RequestLoad buyers = RequestLoad.of(1, () -> customer.order(product, 1).expect(201));

    for (int i = 1; i <= EDITS; i++) {
      String text = Routes.shop(extraRoute(i));
      if (i % 2 == 0) {
        edit("routes.yaml", text);
      } else {
        rename("routes.yaml", text);
      }
      int added = i;
      Eventually.within(
          SOON, () -> "edit " + added + ": " + health(), () -> extra(added).status() == 200);
      extra(i - 1).expectProblem(404, "service-not-found");
    }

    readers.end(EDITS);
    buyers.end(EDITS);
  }

  /** A way to break the routes, and what the operator is told of it. */
  private record Mistake(UnaryOperator<String> edit, String told) {}

  private static List<Mistake> mistakes(int i) {
    return List.of(
        new Mistake(text -> "", "nothing but space or comments"),
        new Mistake(
            text -> text.substring(0, 47 + i % 12), "the first " + (47 + i % 12) + " bytes"),
        new Mistake(text -> text + "cors: {}\ncors: {}\n", "expected each key once"),
        new Mistake(text -> text + "cors: on-" + i + "\n", "cors: expected a mapping"),
        new Mistake(
            text -> text.replace("default_limit: 100000/second", "default_limit: often-" + i),
            "often-" + i),
        new Mistake(
            text -> text.replace("http://user-service:8081", "ftp://user-service:" + i),
            "ftp://user-service:" + i),
        new Mistake(text -> text + "\troutes: [" + i + "\n", "valid YAML"),
        new Mistake(text -> text + extraRoute(i) + extraRoute(i), "routes[5]"),
        new Mistake(text -> text.replaceFirst("auth: required", "auth: maybe-" + i), "maybe-" + i),
        new Mistake(text -> "- " + i + "\n", "expected a mapping, found"));
  }

  @Test
  void twoHundredMistakesAndTheOldRoutesGoOn() {
    String good = Routes.shop(extraRoute(0));
    edit("routes.yaml", good);
    Eventually.within(SOON, "the good routes", () -> extra(0).status() == 200);
    String revision = health().getString("revision");
    RequestLoad readers =
        RequestLoad.of(3, () -> shop.visitor().get("/api/products/" + product).expect(200));
    RequestLoad buyers = RequestLoad.of(1, () -> customer.order(product, 1).expect(201));

    for (int i = 0; i < EDITS; i++) {
      List<Mistake> mistakes = mistakes(i);
      Mistake mistake = mistakes.get(i % mistakes.size());
      edit("routes.yaml", mistake.edit.apply(good));

      Eventually.within(
          SOON,
          () -> mistake.told + " in " + health().encodePrettily(),
          () -> reasons().contains(mistake.told));
      JsonObject health = health();
      assertEquals("stale", health.getString("status"), health::encodePrettily);
      assertEquals(revision, health.getString("revision"));
      assertTrue(reasons().contains("routes.yaml"), health::encodePrettily);
      extra(0).expect(200);
    }

    readers.end(EDITS);
    buyers.end(EDITS);
    edit("routes.yaml", good);
    Eventually.within(SOON, "current again", () -> health().getString("status").equals("current"));
    assertFalse(health().containsKey("errors"));
  }

  @Test
  void aSwapOfKubernetesLinksIsSeen() throws IOException {
    Path conf = running.setup().conf();
    mount(conf, "..first", "auth: {token_expiry: 1001}\n");
    Path link = conf.resolve("link");
    Files.createSymbolicLink(link, Path.of("..data", "config.yaml"));
    Files.move(link, conf.resolve("config.yaml"), StandardCopyOption.ATOMIC_MOVE);
    awaitExpiry(1001);

    for (int i = 1002; i < 1006; i++) {
      mount(conf, "..next-" + i, "auth: {token_expiry: " + i + "}\n");
      awaitExpiry(i);
    }

    Files.delete(conf.resolve("config.yaml"));
  }

  /** What kubelet does: a new folder, and the link {@code ..data} renamed over the old one. */
  private static void mount(Path conf, String folder, String text) throws IOException {
    Files.createDirectory(conf.resolve(folder));
    StoaSetup.write(conf.resolve(folder).resolve("config.yaml"), text);
    Path link = conf.resolve("..data_tmp");
    Files.createSymbolicLink(link, Path.of(folder));
    Files.move(link, conf.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void keysRotateAndNobodyIsLoggedOut() {
    String one = key("one", "n2Vb7xQ5rW9tY4uI8oP1aS6dF3gH0jKl");
    String two = key("two", "z5Xc8vB1nM4qW7eR0tY3uI6oP9aS2dFg");
    edit("config.yaml", "auth:\n  keys:\n" + one);
    Eventually.within(
        SOON, "a secret without tokens", () -> customer.get("/api/orders").status() == 401);
    Caller before = again(customer);
    before.get("/api/orders").expect(200);

    edit("config.yaml", "auth:\n  keys:\n" + two + one);
    Eventually.within(SOON, "signs with the new key", () -> keyId(again(customer)).equals("two"));
    Caller after = again(customer);
    before.get("/api/orders").expect(200);
    after.get("/api/orders").expect(200);

    edit("config.yaml", "auth:\n  keys:\n" + two);
    Eventually.within(SOON, "the old key is gone", () -> before.get("/api/orders").status() == 401);
    before.get("/api/orders").expectProblem(401, "invalid-token");
    after.get("/api/orders").expect(200);
  }

  private static String key(String id, String secret) {
    return "    - {kid: " + id + ", secret: " + secret + "}\n";
  }

  private static String keyId(Caller caller) {
    String head = caller.token().orElseThrow().split("\\.")[0];
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(head))).getString("kid");
  }

  @Test
  void tokenExpiryLimitsAndOriginsFollow() {
    assertNull(allowedOrigin("https://new.example"));
    edit(
        "config.yaml",
        """
        auth: {token_expiry: 77}
        cors: {allowed_origins: ["https://new.example"]}
        """);
    edit(
        "routes.yaml",
        Routes.shop(
            """
              - {name: rare, path: /api/rare/*, target: "http://product-service:8082",
                 strip_prefix: /api/rare, auth: none, rate_limit: 2/hour}
            """));

    awaitExpiry(77);
    Eventually.within(
        SOON,
        "the new origin",
        () -> "https://new.example".equals(allowedOrigin("https://new.example")));
    Eventually.within(
        SOON, "the new route", () -> shop.visitor().get("/api/rare/products").status() == 200);
    shop.visitor().get("/api/rare/products").expect(200);
    shop.visitor().get("/api/rare/products").expectProblem(429, "rate-limited");
  }

  @Test
  void theLogLevelFollows() {
    edit("config.yaml", "service: {log_level: WARN}\nauth: {token_expiry: 501}\n");
    awaitExpiry(501);
    edit("config.yaml", "service: {log_level: WARN}\nauth: {token_expiry: 502}\n");
    awaitExpiry(502);
    String unsaid = health().getString("revision");
    edit("config.yaml", "service: {log_level: INFO}\nauth: {token_expiry: 503}\n");
    awaitExpiry(503);
    edit("config.yaml", "service: {log_level: INFO}\nauth: {token_expiry: 504}\n");
    awaitExpiry(504);
    String said = health().getString("revision");

    assertNotEquals(said, unsaid);
    Eventually.within(SOON, "a line in the log", () -> running.process().output().contains(said));
    assertFalse(running.process().output().contains(unsaid));
  }

  @Test
  void whatOnlyARestartChangesIsSaid() {
    edit("config.yaml", "gateway: {host: localhost, http2: true}\nauth: {token_expiry: 88}\n");

    Eventually.within(SOON, "a restart is needed", () -> health().containsKey("restart_needed"));
    assertEquals(
        new JsonArray().add("gateway.host").add("gateway.http2"),
        health().getJsonArray("restart_needed"));
    assertEquals("current", health().getString("status"));
    awaitExpiry(88);
  }

  private static Caller again(Caller caller) {
    return shop.logIn(caller.username(), caller.password());
  }

  private static void awaitExpiry(int seconds) {
    JsonObject credentials = Shop.credentials(customer.username(), customer.password());
    Eventually.within(
        SOON,
        () -> "tokens live for " + seconds + " s: " + health(),
        () ->
            shop.visitor()
                .post("/api/auth/login", credentials)
                .expect(200)
                .json()
                .getInteger("expires_in")
                .equals(seconds));
  }

  private static String allowedOrigin(String origin) {
    return Shop.await(
            shop.request(HttpMethod.GET, "/api/products").putHeader("Origin", origin).send())
        .getHeader("Access-Control-Allow-Origin");
  }

  private static JsonObject health() {
    return shop.visitor().get("/health").expect(200).json().getJsonObject("configuration");
  }

  private static String reasons() {
    return health().getJsonArray("errors", new JsonArray()).encode();
  }

  private static String extraRoute(int number) {
    return "  - {name: extra, path: /api/extra-%1$d/*, target: \"http://product-service:8082\","
            .formatted(number)
        + " strip_prefix: /api/extra-%1$d, auth: none}\n".formatted(number);
  }

  private static Answer extra(int number) {
    return shop.visitor().get("/api/extra-" + number + "/products/" + product);
  }

  /** As an editor does that saves in place. */
  private static void edit(String file, String text) {
    StoaSetup.write(running.setup().conf().resolve(file), text);
  }

  /** As an editor does that writes beside the file and renames. */
  private static void rename(String file, String text) {
    Path conf = running.setup().conf();
    StoaSetup.write(conf.resolve(file + "~"), text);
    try {
      Files.move(conf.resolve(file + "~"), conf.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
