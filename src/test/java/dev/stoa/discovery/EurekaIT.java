package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import dev.stoa.registries.ConsulAgent;
import dev.stoa.registries.EurekaServer;
import dev.stoa.registries.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
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
  private static EurekaServer eureka;

  @TempDir Path home;
  private Vertx vertx;
  private Discoveries parts;
  private String name;
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
    parts = new Discoveries(vertx, home);
    name = parts.name;
    service = parts.service;
  }

  @AfterEach
  void close() {
    parts.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "full"})
  void isUpGoesDownRecoversAndDeregisters(String fetch) {
    Discovery here = discovery("here", eureka(eureka.url()).put("fetch", fetch));
    Discovery there = discovery("there", eureka(eureka.url()).put("fetch", fetch));
    ServiceInstance instance =
        service.instance().withZone("north").withWeight(3).withMetadata(Map.of("team", "shop"));
    Waiting.on(here.register(instance));

    parts.await(there, List.of(instance));
    service.health(503);
    parts.await(there, List.of());
    assertEquals(List.of(instance), here.catalog().instances(name));
    Discovery late = discovery("late", eureka(eureka.url()).put("fetch", fetch));
    Waiting.until(late::catalog, () -> late.catalog().knows(name));
    assertEquals(List.of(), late.catalog().instances(name));
    service.health(200);
    parts.await(there, List.of(instance));
    Waiting.on(here.deregister(instance.id()));
    parts.await(there, List.of());
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

    parts.await(there, List.of(beating));
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
    Waiting.until(there::status, () -> !Discoveries.answers(there) && parts.stale(there) == 3);
    Waiting.on(there.close());
    Discovery again = discovery("there", eureka(eureka.url()));
    assertEquals(3, parts.stale(again), again::toString);
    Discovery late = discovery("late", eureka(eureka.url()));
    assertEquals(List.of(), late.catalog().instances(name));
    eureka.start();

    // Ours comes back by itself; the others have nobody who beats for them.
    Waiting.until(again::status, () -> Discoveries.answers(again) && parts.stale(again) == 2);
    assertTrue(again.catalog().instances(name).containsAll(foreign));
    parts.await(late, service.instance());
  }

  @Test
  void aLossOfMostIsBelievedTheSecondTime() {
    Discovery discovery = discovery("there", eureka(eureka.url()));
    // More than all other tests leave behind.
    List<ServiceInstance> all = IntStream.range(10, 40).mapToObj(parts::foreign).toList();
    all.forEach(one -> registerForeign(one, eureka(eureka.url()).put("lease_duration", "90s")));
    parts.await(discovery, all);

    // While nobody reads: by one answer.
    Waiting.on(discovery.close());
    all.subList(1, 30).forEach(one -> ask(HttpMethod.DELETE, one, ""));
    Discovery again = discovery("there", eureka(eureka.url()));

    assertEquals(all, again.catalog().instances(name));
    Waiting.until(again::catalog, () -> Discoveries.answers(again));
    assertEquals(29, parts.stale(again), again.status()::toString);
    parts.await(again, all.get(0));
    assertEquals(0, parts.stale(again));
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "full"})
  void seesAnotherPortAndMetadataUnderTheSameIdAndWhatAnOperatorTakesOut(String fetch) {
    JsonObject config = eureka(eureka.url()).put("lease_duration", "90s");
    Discovery discovery = discovery("there", config.copy().put("fetch", fetch));
    ServiceInstance first = new ServiceInstance("same-" + name, name, "127.0.0.1", 1);
    registerForeign(first, config);
    parts.await(discovery, first);

    ServiceInstance second =
        new ServiceInstance("same-" + name, name, "127.0.0.1", 2).withWeight(9);
    registerForeign(second, config);
    parts.await(discovery, second);

    ask(HttpMethod.PUT, second, "/status?value=OUT_OF_SERVICE");
    parts.await(discovery);
    ask(HttpMethod.DELETE, second, "/status?value=UP");
    parts.await(discovery, second);
  }

  @Test
  void aServerThatAsksForAnotherPasswordIsAwayAndTheNextOneTakesOver() {
    String wrong = eureka.open().replace("//", "//stoa:sesame@");
    Discovery refused = discovery("refused", eureka(wrong));
    Waiting.on(refused.register(service.instance()));

    String failure = refused.status().registries().get(0).failure();
    assertEquals("status 401, another user or password is wanted", failure);
    assertEquals(List.of(service.instance()), refused.catalog().instances(name));

    Discovery there = discovery("there", eureka(eureka.url()));
    JsonArray both = new JsonArray().add(wrong).add(eureka.url());
    Waiting.on(refused.configure(config("eureka", null, eureka(eureka.url()).put("url", both))));
    parts.await(there, service.instance());
    Waiting.until(refused::status, () -> Discoveries.answers(refused));
  }

  @Test
  void anotherServerTakesOver() {
    String dead = "http://127.0.0.1:" + FreePorts.one() + "/eureka";
    JsonObject both = eureka(eureka.url()).put("url", new JsonArray().add(dead).add(eureka.url()));
    Discovery here = discovery("here", both);
    Discovery there = discovery("there", both);

    Waiting.on(here.register(service.instance()));

    parts.await(there, List.of(service.instance()));
  }

  @Test
  void aEurekaThatIsDownStopsNothingAndIsAskedAgain() {
    String dead = "http://127.0.0.1:" + FreePorts.one() + "/eureka";
    Discovery discovery = discovery("here", eureka(dead));

    Waiting.on(discovery.register(service.instance()));

    assertEquals(List.of(service.instance()), discovery.catalog().instances(name));
    assertEquals(false, Discoveries.answers(discovery));
    Waiting.on(discovery.configure(config("eureka", null, eureka(eureka.url()))));
    Waiting.until(discovery::status, () -> Discoveries.answers(discovery));
    Discovery there = discovery("there", eureka(eureka.url()));
    parts.await(there, List.of(service.instance()));
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

      assertEquals(false, Discoveries.answers(discovery), nonsense);
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
      Discovery here = parts.open("here", config);
      Discovery there = parts.open("there", config);
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
          () -> !there.status().registries().get(0).answering() && Discoveries.answers(there, 1));
      assertEquals(0, parts.stale(there));
      Waiting.on(here.close());
      Waiting.on(there.close());
    }
  }

  private void ask(HttpMethod method, ServiceInstance about, String what) {
    String uri = eureka.open() + "/apps/" + EurekaFormat.app(about) + "/" + about.id() + what;
    HttpResponse<Buffer> answer =
        Waiting.on(
            parts
                .client
                .requestAbs(method, uri)
                .putHeader("Authorization", EurekaServer.authorization())
                .send());
    assertEquals(200, answer.statusCode(), answer::bodyAsString);
  }

  /** Once, and nobody beats for it. */
  private void registerForeign(ServiceInstance instance, JsonObject eurekaConfig) {
    EurekaConfig config = EurekaConfig.from(ConfigReader.of(eurekaConfig));
    JsonObject body = EurekaFormat.write(instance, EurekaFormat.UP, config, Clock.systemUTC());
    HttpResponse<Buffer> answer =
        Waiting.on(
            parts
                .client
                .postAbs(eureka.open() + "/apps/" + name)
                .putHeader("Authorization", EurekaServer.authorization())
                .sendJsonObject(body));
    assertEquals(204, answer.statusCode(), answer::bodyAsString);
  }

  private Discovery discovery(String folder, JsonObject eurekaConfig) {
    return parts.open(folder, config("eureka", null, eurekaConfig));
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
    return Discoveries.config(discovery);
  }
}
