package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.limits.TestRedis;
import dev.stoa.persistence.TestPostgres;
import dev.stoa.registries.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of deployments, run as they are written: the packaged jar with their very files and
 * environment. Ports are others, and names of machines stand in a hosts file; no container engine
 * is asked for.
 */
@ExtendWith(VertxExtension.class)
class DeploymentIT {
  private static final Path EXAMPLES = Path.of("conf", "examples");
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final Pattern IMAGE_VARIABLE = Pattern.compile("\\b(APP_[A-Z_]+)=(\\S+)");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)[^}]*}");

  private static final Map<String, String> SECRETS =
      Map.of(
          "STOA_JWT_SECRET", StoaSetup.SECRET,
          "STOA_ADMIN_PASSWORD", StoaSetup.ADMIN_PASSWORD,
          "POSTGRES_PASSWORD", "trusted anyway",
          "jwt-secret", StoaSetup.SECRET,
          "admin-password", StoaSetup.ADMIN_PASSWORD,
          "database-password", "trusted anyway");

  private static TestPostgres database;
  private static TestRedis redis;

  @TempDir Path home;
  private final List<StoaProcess> processes = new ArrayList<>();

  @BeforeAll
  static void start() {
    database = TestPostgres.start();
    database.execute("CREATE ROLE stoa LOGIN");
    database.execute("CREATE DATABASE stoa OWNER stoa");
    redis = TestRedis.started();
  }

  @AfterAll
  static void stop() {
    redis.close();
    database.close();
  }

  @AfterEach
  void end() {
    processes.forEach(StoaProcess::close);
  }

  @Test
  void threeNodes(Vertx vertx) throws IOException {
    StoaSetup node =
        elsewhere(home, Map.of("localhost", "127.0.0.1"))
            .file("config.yaml", Files.readString(EXAMPLES.resolve("three-nodes/config.yaml")))
            .environment("APP_AUTH_JWT_SECRET", StoaSetup.SECRET)
            .environment("APP_USERS_BOOTSTRAP__ADMIN_PASSWORD", StoaSetup.ADMIN_PASSWORD)
            .option("--cluster");
    checked(node);

    run(node);

    sells(vertx, node);
  }

  @Test
  void compose(Vertx vertx) throws IOException {
    JsonObject services =
        ExampleYaml.read(EXAMPLES.resolve("compose.yaml")).get(0).getJsonObject("services");
    for (String name : List.of("stoa-1", "stoa-2", "stoa-3")) {
      JsonObject service = services.getJsonObject(name);
      assertEquals(new JsonArray().add("--cluster"), service.getJsonArray("command"));
      assertEquals(name, service.getString("hostname"));
      assertTrue(service.getBoolean("read_only"));
      checked(composed(name, service));
    }

    StoaSetup first = composed("stoa-1", services.getJsonObject("stoa-1"));
    run(first);
    sells(vertx, first);
  }

  private StoaSetup composed(String name, JsonObject service) throws IOException {
    StoaSetup setup =
        elsewhere(
            home.resolve(name),
            Map.of(
                "postgres", "127.0.0.1",
                "redis", "127.0.0.1",
                "stoa-1", "127.0.0.1",
                "stoa-2", "127.0.0.2",
                "stoa-3", "127.0.0.3"));
    for (String file : List.of("config.yaml", "routes.yaml")) {
      setup.file(file, Files.readString(Path.of("conf", file)));
    }
    image().forEach(setup::environment);
    service
        .getJsonObject("environment")
        .forEach(variable -> setup.environment(variable.getKey(), filled(variable.getValue())));
    return setup.option("--cluster");
  }

  @Test
  void kubernetes(Vertx vertx) throws IOException {
    Map<String, JsonObject> manifests = new TreeMap<>();
    ExampleYaml.read(EXAMPLES.resolve("kubernetes.yaml"))
        .forEach(
            one ->
                manifests.put(
                    one.getString("kind") + " " + one.getJsonObject("metadata").getString("name"),
                    one));
    JsonObject data = manifests.get("ConfigMap stoa").getJsonObject("data");
    JsonObject container = container(manifests);
    int port = FreePorts.one();
    StoaSetup first = pod(0, data, container, port);
    StoaSetup second = pod(1, data, container, port);
    checked(first);

    run(first);
    run(second);

    Shop shop = new Shop(vertx, first.ports().gateway());
    Caller admin = shop.admin();
    Eventually.within(
        SOON,
        () -> "each knows the other's services: " + admin.get("/api/admin/services"),
        () -> instances(admin, "order-service") == 2);
    sells(vertx, second);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonObject get = container.getJsonObject(probe).getJsonObject("httpGet");
      assertEquals("http", get.getString("port"));
      shop.visitor().get(get.getString("path")).expect(200);
    }
    reloads(first, data, shop);
    shop.close();
  }

  private StoaSetup pod(int number, JsonObject data, JsonObject container, int port)
      throws IOException {
    String address = "127.0.0." + (number + 1);
    StoaSetup setup =
        elsewhere(
            home.resolve("stoa-" + number),
            Map.of("postgres", "127.0.0.1", "redis", "127.0.0.1", "stoa-members", "127.0.0.2"));
    mount(setup, data);
    image().forEach(setup::environment);
    for (Object item : container.getJsonArray("env")) {
      JsonObject variable = (JsonObject) item;
      JsonObject from = variable.getJsonObject("valueFrom");
      JsonObject secret = from.getJsonObject("secretKeyRef");
      if (secret == null) {
        String field = from.getJsonObject("fieldRef").getString("fieldPath");
        setup.environment(
            variable.getString("name"), field.equals("status.podIP") ? address : "stoa-" + number);
      } else if (SECRETS.containsKey(secret.getString("key"))) {
        setup.environment(variable.getString("name"), SECRETS.get(secret.getString("key")));
      } else {
        assertTrue(secret.getBoolean("optional"), secret::encode);
      }
    }
    container.getJsonArray("args").forEach(argument -> setup.option((String) argument));
    return setup.set("cluster.port", port).set("cluster.bus_port", 0);
  }

  /** An edited ConfigMap is live without a restart. */
  private static void reloads(StoaSetup pod, JsonObject data, Shop shop) throws IOException {
    shop.visitor().get("/api/catalog").expectProblem(404, "service-not-found");
    String route =
        "  - {name: catalog, path: /api/catalog, target: \"http://product-service:8082\","
            + " auth: none, rewrite: {from: /catalog, to: /products}}\n";

    mount(pod, data.copy().put("routes.yaml", data.getString("routes.yaml") + route));

    Eventually.within(
        SOON, "the new route", () -> shop.visitor().get("/api/catalog").status() == 200);
  }

  /** What the kubelet does: a folder for each version, and links that are swapped. */
  private static void mount(StoaSetup pod, JsonObject data) throws IOException {
    Path version = Files.createTempDirectory(pod.conf(), "..");
    for (Map.Entry<String, Object> file : data) {
      Files.writeString(version.resolve(file.getKey()), (String) file.getValue());
      Path link = pod.conf().resolve(file.getKey());
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of("..data", file.getKey()));
      }
    }
    Path fresh = Files.createSymbolicLink(pod.conf().resolve("..new"), version.getFileName());
    Files.move(fresh, pod.conf().resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static JsonObject container(Map<String, JsonObject> manifests) {
    JsonObject set = manifests.get("StatefulSet stoa").getJsonObject("spec");
    assertTrue(manifests.containsKey("Service " + set.getString("serviceName")));
    JsonObject labels = new JsonObject().put("app", "stoa");
    JsonObject template = set.getJsonObject("template");
    assertEquals(labels, template.getJsonObject("metadata").getJsonObject("labels"));
    for (String selecting : List.of("Service stoa", "Service stoa-members")) {
      JsonObject spec = manifests.get(selecting).getJsonObject("spec");
      assertEquals(labels, spec.getJsonObject("selector"), selecting);
    }
    JsonObject budget = manifests.get("PodDisruptionBudget stoa").getJsonObject("spec");
    assertEquals(labels, budget.getJsonObject("selector").getJsonObject("matchLabels"));
    JsonObject container =
        template.getJsonObject("spec").getJsonArray("containers").getJsonObject(0);
    assertTrue(container.getJsonObject("securityContext").getBoolean("readOnlyRootFilesystem"));
    return container;
  }

  private static int instances(Caller admin, String service) {
    return admin.get("/api/admin/services").expect(200).json().getJsonArray("services").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("name").equals(service))
        .mapToInt(one -> one.getJsonArray("instances").size())
        .sum();
  }

  /** On a machine where names lead elsewhere, and servers have ports of their own. */
  private static StoaSetup elsewhere(Path home, Map<String, String> names) throws IOException {
    Files.createDirectories(home);
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    names.forEach((name, address) -> hosts.append(address).append(' ').append(name).append('\n'));
    if (names.containsKey("stoa-members")) {
      hosts.append("127.0.0.1 stoa-members\n"); // both pods
    }
    Path file = Files.writeString(home.resolve("hosts"), hosts);
    return StoaSetup.bare(home)
        .jvm("-Djdk.net.hosts.file=" + file, "-Dvertx.disableDnsResolver=true")
        .set("database.port", database.address().port())
        .set("redis.port", redis.port())
        .set("redis.timeout", "5s");
  }

  /** What the image sets. */
  private static Map<String, String> image() throws IOException {
    Map<String, String> variables = new TreeMap<>();
    Matcher variable = IMAGE_VARIABLE.matcher(Files.readString(Path.of("Dockerfile")));
    while (variable.find()) {
      variables.putIfAbsent(variable.group(1), variable.group(2));
    }
    assertEquals("prod", variables.get("APP_PROFILE"));
    variables.remove("APP_DATA_DIR"); // a folder of the test stands in for /data
    return variables;
  }

  /** With what the shell would know. */
  private static String filled(Object value) {
    return REFERENCE
        .matcher(value.toString())
        .replaceAll(name -> Matcher.quoteReplacement(SECRETS.get(name.group(1))));
  }

  /** Accepted, and every name in it means something. */
  private static void checked(StoaSetup setup) {
    StoaSetup.Outcome outcome = setup.command("check");

    assertEquals(0, outcome.exit(), outcome::err);
    assertFalse(outcome.err().contains("warning"), outcome::err);
    JsonObject effective = new JsonObject(outcome.out());
    assertEquals("cluster", effective.getJsonObject("discovery").getString("type"));
    assertFalse(outcome.out().contains(StoaSetup.SECRET));
  }

  private void run(StoaSetup setup) {
    StoaProcess process = setup.launch();
    processes.add(process);
    process.awaitReady();
  }

  private static void sells(Vertx vertx, StoaSetup node) {
    try (Shop shop = new Shop(vertx, node.ports().gateway())) {
      String product = shop.product(shop.admin(), "Amphora", 10, 5);
      JsonObject order = shop.customer().order(product, 2).expect(201).json();
      assertEquals("reserved", order.getString("status"));
      Answer listed = shop.visitor().get("/api/products/" + product).expect(200);
      assertEquals(3, listed.json().getInteger("stock"));
      assertFalse(Files.exists(node.home().resolve("data").resolve("order-service.db")));
    }
  }
}
