package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.StoaSetup.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line, the start, the end, and what is still there after both. */
@ExtendWith(VertxExtension.class)
class StartupIT {
  private static final int CONFIGURATION = 64;
  private static final String WEAK = "changeme-changeme-changeme-changeme";

  @TempDir Path home;

  @Test
  void checkPrintsWhatIsInEffectWithoutSecrets() {
    Outcome outcome =
        StoaSetup.bare(home)
            .file("routes.yaml", Routes.shop())
            .file("config.yaml", "auth: {jwt_secret: " + StoaSetup.SECRET + "}\n")
            .set("users.bootstrap_admin.password", StoaSetup.ADMIN_PASSWORD)
            .command("check", "--profile", "prod");

    assertEquals(0, outcome.exit(), outcome::toString);
    JsonObject effective = new JsonObject(outcome.out());
    assertEquals("***", effective.getJsonObject("auth").getString("jwt_secret"));
    assertEquals(4, effective.getJsonArray("routes").size());
    assertEquals(8083, port(effective, "order-service"));
    assertFalse(outcome.toString().contains(StoaSetup.SECRET), outcome::toString);
    assertFalse(outcome.toString().contains(StoaSetup.ADMIN_PASSWORD), outcome::toString);
    assertEquals("", outcome.err());
  }

  private static Integer port(JsonObject effective, String service) {
    return effective.getJsonObject("services").getJsonObject(service).getInteger("port");
  }

  @Test
  void checkTellsEveryErrorAtOnce() {
    Outcome outcome =
        StoaSetup.bare(home)
            .file("config.yaml", "currency: DRACHMA\norders:\n  hold: soon\n")
            .file("routes.yaml", Routes.shop().replace("auth: optional", "auth: perhaps"))
            .environment("APP_GATEWAY_PORT", "eighty")
            .set("payments.success_rate", 2)
            .command("check");

    assertEquals(CONFIGURATION, outcome.exit(), outcome::toString);
    for (String told :
        new String[] {
          "config.yaml:1: currency: ",
          "config.yaml:3: orders.hold: ",
          "routes.yaml:8: routes[1].auth: ",
          "environment APP_GATEWAY_PORT: gateway.port: ",
          "command line payments.success_rate: ",
          "found \"perhaps\"",
          "5 errors",
        }) {
      assertTrue(outcome.err().contains(told), () -> told + " in " + outcome);
    }
  }

  @Test
  void laterLayersWin() {
    StoaSetup setup = StoaSetup.bare(home);
    expectExpiry(setup, 3600);
    expectExpiry(setup.file("config.yaml", "auth: {token_expiry: 1}\n"), 1);
    expectExpiry(setup.file("config.json", "{\"auth\": {\"token_expiry\": 2}}\n"), 2);
    expectExpiry(setup.file("config-dev.yaml", "auth: {token_expiry: 3}\n"), 3);
    expectExpiry(setup.environment("APP_AUTH_TOKEN__EXPIRY", "4"), 4);
    expectExpiry(setup.jvm("-Dstoa.auth.token_expiry=5"), 5);
    expectExpiry(setup.set("auth.token_expiry", 6), 6);
  }

  private static void expectExpiry(StoaSetup setup, int seconds) {
    Outcome outcome = setup.command("check");
    assertEquals(0, outcome.exit(), outcome::toString);
    assertEquals(
        seconds, new JsonObject(outcome.out()).getJsonObject("auth").getInteger("token_expiry"));
  }

  @ParameterizedTest
  @CsvSource({"prod,", "test,", "prod," + WEAK, "prod,short"})
  void outsideDevAStrongSecretIsNeeded(String profile, String secret) {
    StoaSetup setup = StoaSetup.bare(home).option("--profile", profile);
    if (secret != null) {
      setup.environment("APP_AUTH_JWT__SECRET", secret);
    }

    StoaProcess process = setup.launch();

    assertEquals(CONFIGURATION, process.awaitExit(), process::output);
    assertTrue(process.output().contains("auth.jwt_secret"), process::output);
    assertFalse(secret != null && process.output().contains(secret), process::output);
  }

  @ParameterizedTest
  @CsvSource({"--rolls,gateway", "--roles,kitchen", "--profile,production", "--port,http"})
  void misuseOfTheCommandLineIsExplained(String option, String value) {
    Outcome outcome = StoaSetup.bare(home).command("run", option, value);

    assertEquals(CONFIGURATION, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains(option), outcome::toString);
    assertTrue(outcome.err().contains("Usage: stoa run"), outcome::toString);
  }

  @Test
  void aFolderThatIsNamedAndNotThereIsExplained() throws IOException {
    StoaSetup setup = StoaSetup.bare(home);
    Path conf = home.resolve("conf");
    Files.delete(conf);

    Outcome outcome = setup.command("check");

    assertEquals(CONFIGURATION, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("expected a folder, found none at " + conf), outcome::err);
  }

  @Test
  void anUnknownProfileInTheEnvironmentIsExplained() {
    Outcome outcome =
        StoaSetup.bare(home).environment("APP_PROFILE", "production").command("check");

    assertEquals(CONFIGURATION, outcome.exit(), outcome::toString);
    assertTrue(
        outcome.err().contains("expected dev, test or prod, found production"), outcome::toString);
  }

  @Test
  void printsItsVersionAndItsCommit() throws IOException {
    Outcome outcome = StoaSetup.bare(home).bareCommand("version");

    assertEquals(0, outcome.exit(), outcome::toString);
    Attributes manifest;
    try (JarFile jar = new JarFile(System.getProperty("stoa.jar"))) {
      manifest = jar.getManifest().getMainAttributes();
    }
    String commit = manifest.getValue("Build-Commit"); // sources may come without their history
    assertEquals(
        "stoa "
            + manifest.getValue("Implementation-Version")
            + (commit == null ? "" : " (" + commit + ")"),
        outcome.out().strip());
  }

  @Test
  void anArchiveOfItsClassesIsUsed() {
    String archive = home.resolve("stoa.jsa").toString();
    StoaSetup.bare(home).jvm("-XX:ArchiveClassesAtExit=" + archive).bareCommand("version");

    Outcome outcome =
        StoaSetup.bare(home)
            .jvm("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load")
            .bareCommand("version");

    assertEquals(0, outcome.exit(), outcome::toString);
    assertTrue(
        outcome.out().contains("dev.stoa.app.Main source: shared objects file"), outcome::toString);
  }

  @Test
  void theFirstStartInDevTellsThePasswordOfTheAdminOnce(Vertx vertx) {
    StoaSetup setup = StoaSetup.bare(home).file("routes.yaml", Routes.shop());
    try (StoaProcess first = setup.start();
        Shop shop = new Shop(vertx, setup.ports().gateway())) {
      Matcher told =
          Pattern.compile("Created the user admin with the password (\\S+) ")
              .matcher(first.output());
      assertTrue(told.find(), first::output);
      String address = "http://127.0.0.1:" + setup.ports().gateway();
      Eventually.within(
          Duration.ofSeconds(5),
          () -> "address and profile in " + first.output(),
          () -> first.output().contains("ready at " + address + " (profile dev"));

      Caller admin = shop.logIn("admin", told.group(1));

      shop.product(admin, "Amphora", 1, 1);
      admin.get("/api/users").expect(200);
    }
    try (StoaProcess second = setup.start()) {
      assertFalse(second.output().contains("password"), second::output);
    }
  }

  @Test
  void whoGetsInFindsTheServicesThere() {
    try (StoaProcess process = StoaSetup.in(home).launch().awaitOpen()) {
      assertEquals(200, process.status("/api/products"), process::output);
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    StoaSetup setup = StoaSetup.in(home);
    try (ServerSocket taken =
        new ServerSocket(setup.ports().orders(), 1, InetAddress.getLoopbackAddress())) {
      StoaProcess process = setup.launch();

      assertEquals(1, process.awaitExit(), process::output);
      assertTrue(process.output().contains(":" + taken.getLocalPort()), process::output);
    }
  }

  @Test
  void whatIsRunningIsAnsweredBeforeTheEnd(Vertx vertx) throws Exception {
    BlockingQueue<HttpServerRequest> arrived = new LinkedBlockingQueue<>();
    HttpServer upstream =
        Shop.await(vertx.createHttpServer().requestHandler(arrived::add).listen(0, "127.0.0.1"));
    String slow =
        "  - {name: slow, path: /api/slow, target: \"http://127.0.0.1:%d\", auth: none}\n"
            .formatted(upstream.actualPort());
    StoaSetup setup = StoaSetup.in(home).file("routes.yaml", Routes.shop(slow));
    try (StoaProcess process = setup.start();
        Shop shop = new Shop(vertx, setup.ports().gateway())) {
      Future<Answer> answer =
          Shop.answer(shop.request(HttpMethod.GET, "/api/slow"), HttpMethod.GET, "/api/slow", null);
      HttpServerRequest request = arrived.poll(10, TimeUnit.SECONDS);

      process.terminate();
      process.awaitRefusal();
      assertTrue(process.isAlive());
      assertFalse(answer.isComplete());
      request.response().end("{\"late\": true}");

      assertTrue(Shop.await(answer).expect(200).json().getBoolean("late"));
      assertEquals(143, process.awaitExit(), process::output);
    }
  }

  @Test
  void aSecondSignalWaitsForNothingAnyMore(Vertx vertx) throws Exception {
    BlockingQueue<HttpServerRequest> arrived = new LinkedBlockingQueue<>();
    HttpServer upstream =
        Shop.await(vertx.createHttpServer().requestHandler(arrived::add).listen(0, "127.0.0.1"));
    String silent =
        "  - {name: silent, path: /api/silent, target: \"http://127.0.0.1:%d\", auth: none}\n"
            .formatted(upstream.actualPort());
    StoaSetup setup =
        StoaSetup.in(home)
            .file("routes.yaml", Routes.shop(silent))
            .set("gateway.drain_timeout", "1h")
            .set("logging.format", "json");
    try (StoaProcess process = setup.start();
        Shop shop = new Shop(vertx, setup.ports().gateway())) {
      shop.request(HttpMethod.GET, "/api/silent").send();
      assertNotNull(arrived.poll(10, TimeUnit.SECONDS));

      process.terminate();
      process.awaitRefusal();
      process.terminate();

      assertEquals(143, process.awaitExit(), process::output);
      List<String> log =
          process.output().lines().filter(line -> line.matches(".*(in force|hurried).*")).toList();
      assertEquals(2, log.size(), process::output);
      log.forEach(line -> assertTrue(line.startsWith("{\"time\""), line));
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void ordersOutliveTheProcess(boolean orderly, Vertx vertx) throws IOException {
    Path temporary = Files.createDirectory(home.resolve("tmp"));
    StoaSetup setup =
        StoaSetup.in(home).set("payments.success_rate", 1).jvm("-Djava.io.tmpdir=" + temporary);
    RunningShop first = RunningShop.open(vertx, setup);
    Caller customer = first.shop().customer();
    String product = first.shop().product(first.admin(), "Amphora", 3.33, 5);
    JsonObject paid = customer.order(product, 2).expect(201).json();
    customer.pay(paid).expect(201);
    JsonObject reserved = customer.order(product, 1).expect(201).json();
    if (orderly) {
      first.close();
    } else {
      first.shop().close();
      first.process().kill();
    }
    try (var left = Files.list(temporary)) {
      assertEquals(List.of(), left.filter(file -> file.toString().contains("sqlite")).toList());
    }

    try (RunningShop second = RunningShop.open(vertx, setup)) {
      Shop shop = second.shop();
      Caller again = shop.logIn(customer.username(), customer.password());
      assertEquals("paid", again.get(path(paid)).expect(200).text("status"));
      assertEquals("reserved", again.get(path(reserved)).expect(200).text("status"));
      assertEquals(2, shop.stock(product));
      again.pay(reserved).expect(201);
      again.pay(paid).expectProblem(409, "already-paid");
    }
  }

  private static String path(JsonObject order) {
    return "/api/orders/" + order.getString("order_id");
  }

  @Test
  void aMistakeAndARestartAreNoOutage(Vertx vertx) {
    String extra =
        "  - {name: extra, path: /api/extra, target: \"http://product-service:8082\","
            + " rewrite: {from: /extra, to: /products}, auth: none}\n";
    StoaSetup setup = StoaSetup.in(home).file("routes.yaml", Routes.shop(extra));
    try (RunningShop first = RunningShop.open(vertx, setup)) {
      first.shop().visitor().get("/api/extra").expect(200);
    }
    setup.file("routes.yaml", Routes.shop("  - {name: broken, path: nowhere}\n"));

    try (RunningShop second = RunningShop.open(vertx, setup)) {
      second.shop().visitor().get("/api/extra").expect(200);
      JsonObject health =
          second.shop().visitor().get("/health").json().getJsonObject("configuration");
      assertEquals("stale", health.getString("status"), health::encodePrettily);
      assertTrue(
          health.getJsonArray("errors").encode().contains("routes[4].path"),
          health::encodePrettily);
    }
  }
}
