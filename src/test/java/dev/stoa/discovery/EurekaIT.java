package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import dev.stoa.registries.ConsulAgent;
import dev.stoa.registries.EurekaServer;
import dev.stoa.registries.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real Eureka server, which one test kills and starts again. */
@ExtendWith(VertxExtension.class)
class EurekaIT {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static EurekaServer eureka;

  @TempDir Path home;
  private final String name = "it-" + COUNT.incrementAndGet();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Vertx vertx;
  private WebClient client;
  private FakeService service;

  @BeforeAll
  static void startEureka() {
    eureka = EurekaServer.started();
  }

  @AfterAll
  static void endEureka() {
    if (eureka != null) {
      eureka.close();
    }
  }

  @BeforeEach
  void open(Vertx given) {
    vertx = given;
    client = WebClient.create(vertx);
    service = FakeService.named(vertx, name);
    opened.add(service);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : opened) {
      part.close();
    }
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "full"})
  void isUpGoesDownRecoversAndDeregisters(String fetch) {
    Discovery here = discovery("here", eureka(eureka.url()).put("fetch", fetch));
    Discovery there = discovery("there", eureka(eureka.url()).put("fetch", fetch));
    ServiceInstance instance =
        service.instance().withZone("north").withWeight(3).withMetadata(Map.of("team", "shop"));
    Waiting.on(here.register(instance));

    awaitInstances(there, List.of(instance));
    service.health(503);
    awaitInstances(there, List.of());
    assertEquals(List.of(instance), here.catalog().instances(name));
    service.health(200);
    awaitInstances(there, List.of(instance));
    Waiting.on(here.deregister(instance.id()));
    awaitInstances(there, List.of());
    assertEquals(List.of(), here.catalog().instances(name));
  }

  @Test
  void whoStopsBeatingIsGoneWhenItsLeaseIsOver() {
    Discovery there = discovery("there", eureka(eureka.url()));
    ServiceInstance quiet = ServiceInstance.of(name, "10.0.0.1", 80);
    ServiceInstance beating = service.instance();
    registerForeign(quiet, eureka(eureka.url()).put("lease_duration", "2s"));
    Discovery here = discovery("here", eureka(eureka.url()));
    Waiting.on(here.register(beating));
    Waiting.until(there::catalog, () -> there.catalog().instances(name).size() == 2);

    awaitInstances(there, List.of(beating));
  }

  @Test
  void aEurekaThatRestartsEmptyEmptiesNothing() {
    Discovery here = discovery("here", eureka(eureka.url()));
    Discovery there = discovery("there", eureka(eureka.url()));
    List<ServiceInstance> foreign =
        List.of(ServiceInstance.of(name, "10.0.0.1", 80), ServiceInstance.of(name, "10.0.0.2", 80));
    foreign.forEach(one -> registerForeign(one, eureka(eureka.url()).put("lease_duration", "90s")));
    Waiting.on(here.register(service.instance()));
    Waiting.until(there::catalog, () -> there.catalog().instances(name).size() == 3);
    AtomicBoolean lost = new AtomicBoolean();
    there.watch(catalog -> lost.compareAndSet(false, catalog.instances(name).size() < 3));

    eureka.kill();
    Waiting.until(there::status, () -> !answers(there) && stale(there) == 3);
    eureka.start();

    // Ours comes back by itself; the others have nobody who beats for them.
    Waiting.until(there::status, () -> answers(there) && stale(there) == 2);
    assertTrue(there.catalog().instances(name).containsAll(foreign));
    assertEquals(false, lost.get());
  }

  @Test
  void anotherServerTakesOver() {
    String dead = "http://127.0.0.1:" + FreePorts.one() + "/eureka";
    JsonObject both = eureka(eureka.url()).put("url", new JsonArray().add(dead).add(eureka.url()));
    Discovery here = discovery("here", both);
    Discovery there = discovery("there", both);

    Waiting.on(here.register(service.instance()));

    awaitInstances(there, List.of(service.instance()));
  }

  @Test
  void aEurekaThatIsDownStopsNothingAndIsAskedAgain() {
    String dead = "http://127.0.0.1:" + FreePorts.one() + "/eureka";
    Discovery discovery = discovery("here", eureka(dead));

    Waiting.on(discovery.register(service.instance()));

    assertEquals(List.of(service.instance()), discovery.catalog().instances(name));
    assertEquals(false, answers(discovery));
    Waiting.on(discovery.configure(config("eureka", null, eureka(eureka.url()))));
    Waiting.until(discovery::status, () -> answers(discovery));
    Discovery there = discovery("there", eureka(eureka.url()));
    awaitInstances(there, List.of(service.instance()));
  }

  @Test
  void whatAnswersNonsenseChangesNothing() {
    for (String nonsense : List.of("<html>", "{}", "{\"applications\": {\"application\": 7}}")) {
      var server =
          Waiting.on(
              vertx
                  .createHttpServer()
                  .requestHandler(request -> request.response().end(nonsense))
                  .listen(0, "127.0.0.1"));
      Discovery discovery =
          discovery("there", eureka("http://127.0.0.1:" + server.actualPort() + "/eureka"));

      assertEquals(false, answers(discovery), nonsense);
      Waiting.on(discovery.register(service.instance()));
      assertEquals(List.of(service.instance()), discovery.catalog().instances(name));
      Waiting.on(server.close());
    }
  }

  @Test
  void consulAndEurekaAtOnceAreMergedAndDifferencesShown() {
    try (ConsulAgent consul = ConsulAgent.started()) {
      JsonObject agent = new JsonObject().put("host", "127.0.0.1").put("port", consul.port());
      DiscoveryConfig config = config("consul,eureka", agent, eureka(eureka.url()));
      Discovery here = open("here", config);
      Discovery there = open("there", config);
      ServiceInstance onlyInEureka = ServiceInstance.of(name, "10.0.0.1", 80);
      registerForeign(onlyInEureka, eureka(eureka.url()).put("lease_duration", "90s"));
      Waiting.on(here.register(service.instance()));

      Waiting.until(
          there::status,
          () ->
              there.catalog().entries(name).size() == 2
                  && there.catalog().entries(name).stream()
                      .anyMatch(entry -> entry.origins().equals(Set.of("consul", "eureka"))));
      assertTrue(
          there.status().disagreements().contains(onlyInEureka.id() + " is not known to consul"),
          there::toString);
      consul.kill();
      Waiting.until(
          there::status,
          () -> !there.status().registries().get(0).answering() && answers(there, 1));
      assertEquals(0, stale(there));
      Waiting.on(here.close());
      Waiting.on(there.close());
    }
  }

  private static boolean answers(Discovery discovery, int registry) {
    return discovery.status().registries().get(registry).answering();
  }

  private static boolean answers(Discovery discovery) {
    return discovery.status().registries().get(0).answering();
  }

  private int stale(Discovery discovery) {
    return (int) discovery.catalog().entries(name).stream().filter(CatalogEntry::stale).count();
  }

  private void awaitInstances(Discovery discovery, List<ServiceInstance> expected) {
    Waiting.until(
        () -> discovery.status() + " instead of " + expected,
        () -> discovery.catalog().instances(name).equals(expected));
  }

  /** Once, and nobody beats for it. */
  private void registerForeign(ServiceInstance instance, JsonObject eurekaConfig) {
    EurekaConfig config = EurekaConfig.from(ConfigReader.of(eurekaConfig));
    JsonObject body = EurekaFormat.write(instance, EurekaFormat.UP, config, Clock.systemUTC());
    HttpResponse<Buffer> answer =
        Waiting.on(client.postAbs(eureka.url() + "/apps/" + name).sendJsonObject(body));
    assertEquals(204, answer.statusCode(), answer::bodyAsString);
  }

  private Discovery discovery(String folder, JsonObject eurekaConfig) {
    return open(folder, config("eureka", null, eurekaConfig));
  }

  private Discovery open(String folder, DiscoveryConfig config) {
    Discovery discovery = new Discovery(vertx, home.resolve(folder));
    opened.add(() -> Waiting.on(discovery.close()));
    Waiting.on(discovery.configure(config));
    return discovery;
  }

  private static JsonObject eureka(String url) {
    return new JsonObject()
        .put("url", url)
        .put("renewal_interval", "1s")
        .put("lease_duration", "4s")
        .put("fetch_interval", "200ms");
  }

  private static DiscoveryConfig config(String type, JsonObject consul, JsonObject eurekaConfig) {
    JsonObject discovery = new JsonObject().put("type", type).put("eureka", eurekaConfig);
    if (consul != null) {
      discovery.put("consul", consul);
    }
    ConfigReader reader = ConfigReader.of(new JsonObject().put("discovery", discovery));
    DiscoveryConfig config = DiscoveryConfig.from(reader);
    assertEquals(List.of(), reader.errors());
    return config;
  }
}
