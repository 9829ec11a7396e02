package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.registries.ConsulAgent;
import dev.stoa.registries.EurekaServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes and more that know each other only by a registry: the first has everything but the
 * products, the others have nothing else.
 */
@ExtendWith(VertxExtension.class)
class DiscoveryIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** What a machine with other work to do may take longer than what is configured. */
  private static final Duration SLACK = Duration.ofSeconds(3);

  private static final String OTHERS = "gateway,users,orders,payments";

  @TempDir Path home;
  private Vertx vertx;
  private Shop shop;
  private StoaSetup front;
  private final List<String> options = new ArrayList<>();
  private StoaProcess gateway;
  private StoaProcess one;
  private StoaProcess two;
  private Caller admin;

  @BeforeEach
  void open(Vertx given) {
    vertx = given;
  }

  @AfterEach
  void close() {
    if (shop != null) {
      shop.close();
    }
    for (StoaProcess process : new StoaProcess[] {gateway, one, two}) {
      if (process != null && process.isAlive()) {
        process.kill();
      }
    }
  }

  @Test
  void consul() {
    try (ConsulAgent consul = ConsulAgent.started()) {
      story(
          """
          discovery:
            type: consul
            consul:
              host: 127.0.0.1
              port: %d
              reregister_interval: 1s
              check: {interval: 1s, timeout: 1s}
          """
              .formatted(consul.port()),
          Duration.ofSeconds(1 + 1), // the check's interval and time-out
          consul::kill,
          consul::start);
    }
  }

  @Test
  void eureka() {
    try (EurekaServer eureka = EurekaServer.started()) {
      story(
          """
          discovery:
            type: eureka
            eureka:
              url: %s
              renewal_interval: 1s
              lease_duration: 2s
              fetch_interval: 300ms
          """
              .formatted(eureka.url()),
          Duration.ofMillis(2 * 2_000 + 500 + 300), // twice the lease, eviction, fetch
          eureka::kill,
          eureka::start);
    }
  }

  @Test
  void staticWhichFollowsTheConfiguration() {
    String nothing = "discovery: {type: static, static: {services: {product-service: []}}}\n";
    begin(nothing);
    shop.visitor().get("/api/products").expectProblem(503, "service-unavailable");
    one = products("one", nothing);
    // Nobody asks a list whether what it lists is there.
    Eventually.within(SOON, one::output, () -> one.output().contains("Stoa is ready"));
    expectNoProducts();

    String there = "http://127.0.0.1:" + one.ports().products();
    front.file(
        "config.yaml",
        "discovery: {type: static, static: {services: {product-service: [\"%s\"]}}}\n"
            .formatted(there));
    awaitProducts(1);
    buy();
    front.file("config.yaml", nothing);

    awaitProducts(0);
  }

  /** Orders call products over the bus of the cluster, the gateway by what discovery has found. */
  @Test
  void theMembersOfACluster() {
    Ports ports = Ports.free();
    String first = member(ports.users(), ports);
    String second = member(ports.products(), ports);
    options.add("--cluster");
    begin(first);
    expectNoProducts();
    one = products("one", second);
    awaitProducts(1);
    buy();

    one.kill();
    awaitProducts(0);
    one = products("one", second);
    awaitProducts(1);
    buy();

    StoaProcess late = products("late", first);
    assertEquals(1, late.awaitExit(), late::output);
    assertTrue(late.output().contains("cannot listen on 127.0.0.1:" + ports.users()), late::output);
    one.stop();
    awaitProducts(0);
  }

  private static String member(int port, Ports members) {
    return """
        discovery: {type: cluster}
        cluster: {port: %d, members: ["127.0.0.1:%d", "127.0.0.1:%d"]}
        services: {product-service: {transport: event-bus}}
        """
        .formatted(port, members.users(), members.products());
  }

  @Test
  void whoIsAloneKnowsNothingOfClusters() throws IOException {
    Path loaded = home.resolve("classes.txt");
    front = StoaSetup.in(home.resolve("alone")).jvm("-Xlog:class+load:file=" + loaded);
    gateway = front.start();

    List<String> classes = Files.readAllLines(loaded);

    assertTrue(classes.stream().anyMatch(line -> line.contains("dev.stoa.app.RunCommand")));
    assertEquals(List.of(), classes.stream().filter(line -> line.contains("hazelcast")).toList());
    // Nor of traces, which are off.
    assertEquals(
        List.of(), classes.stream().filter(line -> line.contains("io.opentelemetry")).toList());
  }

  /** The same for each registry: found, bought from, killed, the registry killed, left in order. */
  private void story(
      String config, Duration noticed, Runnable killRegistry, Runnable startRegistry) {
    begin(config);
    expectNoProducts();
    one = products("one", config);
    awaitProducts(1);
    buy();
    two = products("two", config);
    awaitProducts(2);

    RequestLoad readers = RequestLoad.of(3, () -> shop.visitor().get("/api/products").expect(200));
    readers.awaitMore(100);
    two.kill();
    Eventually.within(noticed.plus(SLACK), this::text, () -> instances().size() == 1);
    killRegistry.run();
    Eventually.within(SOON, this::text, () -> registry().getString("status").equals("away"));
    assertTrue(instances().get(0).getBoolean("stale"), this::text);
    startRegistry.run();
    Eventually.within(
        SOON,
        this::text,
        () ->
            registry().getString("status").equals("answering")
                && instances().stream().anyMatch(instance -> !instance.getBoolean("stale")));
    two = products("two-again", config);
    Eventually.within(SOON, this::text, () -> fresh() == 2);
    one.stop();
    Eventually.within(SOON, this::text, () -> fresh() == 1);
    readers.end(100);

    shop.customer().get("/api/admin/services").expectProblem(403, "forbidden");
    shop.visitor().get("/api/admin/services").expectProblem(401, "missing-token");
  }

  private void begin(String config) {
    front =
        StoaSetup.in(home.resolve("front"))
            .file("config.yaml", config)
            .set("payments.success_rate", 1)
            .option("--roles", OTHERS)
            .option(options.toArray(String[]::new));
    gateway = front.start();
    shop = new Shop(vertx, front.ports().gateway());
    admin = shop.admin();
  }

  private StoaProcess products(String name, String config) {
    return StoaSetup.in(home.resolve(name))
        .file("config.yaml", config)
        .option("--roles", "products")
        .option(options.toArray(String[]::new))
        .launch();
  }

  /** Gateway and orders find the products, products find nobody: a whole order. */
  private void buy() {
    String product = shop.product(admin, "Amphora", 10, 5);
    Caller customer = shop.customer();
    JsonObject order = customer.order(product, 2).expect(201).json();
    customer.pay(order).expect(201);
    assertEquals(3, shop.stock(product));
  }

  private void expectNoProducts() {
    assertTrue(shop.visitor().get("/api/products").status() >= 500);
  }

  private void awaitProducts(int count) {
    Eventually.within(SOON, this::text, () -> instances().size() == count);
  }

  private long fresh() {
    return instances().stream().filter(instance -> !instance.getBoolean("stale")).count();
  }

  private List<JsonObject> instances() {
    return listing().getJsonArray("services").stream()
        .map(JsonObject.class::cast)
        .filter(service -> service.getString("name").equals("product-service"))
        .flatMap(service -> service.getJsonArray("instances").stream())
        .map(JsonObject.class::cast)
        .toList();
  }

  private JsonObject registry() {
    return listing().getJsonArray("registries").getJsonObject(0);
  }

  private JsonObject listing() {
    return admin.get("/api/admin/services").expect(200).json();
  }

  private String text() {
    return listing().encodePrettily();
  }
}
