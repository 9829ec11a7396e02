package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.ConsulConfig.Import;
import dev.stoa.registries.ConsulAgent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a real Consul agent, which one test after the other kills and starts again. */
@ExtendWith(VertxExtension.class)
class ConsulIT {
  private static ConsulAgent consul;

  @TempDir Path home;
  private Vertx vertx;
  private Discoveries parts;
  private String name;
  private FakeService service;

  @BeforeAll
  static void startConsul() {
    consul = ConsulAgent.started();
  }

  @AfterAll
  static void endConsul() {
    consul.close();
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

  @Test
  void registersWithCheckTagsMetadataAndWeight() {
    Discovery discovery = discovery("a", new JsonObject().put("tags", "blue").put("wait", "5s"));
    ServiceInstance instance =
        service.instance().withWeight(5).withZone("north").withTags(Set.of("canary"));

    Waiting.on(discovery.register(instance.withMetadata(Map.of("team", "shop"))));

    JsonObject entry = health(name).getJsonObject(0);
    JsonObject registered = entry.getJsonObject("Service");
    assertEquals(name + "-127.0.0.1-" + instance.port(), registered.getString("ID"));
    assertEquals(List.of("blue", "canary"), registered.getJsonArray("Tags").getList());
    assertEquals("shop", registered.getJsonObject("Meta").getString("team"));
    assertEquals(5, registered.getJsonObject("Weights").getInteger("Passing"));
    JsonObject check =
        entry.getJsonArray("Checks").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("Name").startsWith("health of"))
            .findFirst()
            .orElseThrow();
    assertEquals("passing", check.getString("Status"));
    assertEquals("http", check.getString("Type"));
  }

  @ParameterizedTest
  @EnumSource(Import.class)
  void passesFailsRecoversAndDeregisters(Import mode) {
    Discovery here = discovery("here", mode);
    Discovery there = discovery("there", mode);
    ServiceInstance instance =
        service
            .instance()
            .withZone("north")
            .withWeight(3)
            .withTags(Set.of("http-endpoint"))
            .withMetadata(Map.of("team", "shop"));
    Waiting.on(here.register(instance));

    parts.await(there, List.of(instance));
    service.health(503);
    parts.await(there, List.of());
    assertEquals(List.of(instance), here.catalog().instances(name));
    Discovery late = discovery("late", mode);
    Waiting.until(late::catalog, () -> late.catalog().knows(name));
    assertEquals(List.of(), late.catalog().instances(name));
    service.health(200);
    parts.await(there, List.of(instance));
    Waiting.on(here.deregister(instance.id()));
    assertEquals(List.of(), here.catalog().instances(name));
    parts.await(there, List.of());
  }

  @Test
  void seesAnotherPortAndMetadataUnderTheSameId() {
    Discovery discovery = discovery("a", Import.BLOCKING_QUERY);
    ServiceInstance first = new ServiceInstance("same-" + name, name, "127.0.0.1", 1);
    registerForeign(first);
    parts.await(discovery, List.of(first));

    ServiceInstance second =
        new ServiceInstance("same-" + name, name, "127.0.0.1", 2).withWeight(9);
    registerForeign(second);

    parts.await(discovery, List.of(second));
  }

  @ParameterizedTest
  @EnumSource(Import.class)
  void aConsulThatRestartsEmptyEmptiesNothing(Import mode) {
    Discovery here = discovery("here", mode);
    Discovery there = discovery("there", mode);
    ServiceInstance ours = service.instance().withTags(Set.of("http-endpoint"));
    List<ServiceInstance> foreign = List.of(parts.foreign(1), parts.foreign(2), parts.foreign(3));
    Waiting.on(here.register(ours));
    foreign.forEach(this::registerForeign);
    Waiting.until(there::catalog, () -> there.catalog().instances(name).size() == 4);
    AtomicBoolean lost = new AtomicBoolean();
    there.watch(catalog -> lost.compareAndSet(false, catalog.instances(name).size() < 4));

    consul.kill();
    Waiting.until(there::catalog, () -> parts.stale(there) == 4);
    consul.start();

    // Ours comes back by itself; who registered the others will not do it again.
    Waiting.until(there::status, () -> parts.stale(there) == 3 && Discoveries.answers(there));
    ServiceInstance late = parts.foreign(4);
    registerForeign(late);
    Waiting.until(there::catalog, () -> there.catalog().instances(name).contains(late));
    assertTrue(there.catalog().instances(name).containsAll(foreign));
    assertEquals(false, lost.get());
  }

  @ParameterizedTest
  @EnumSource(Import.class)
  void aConsulThatIsDownAtTheStartIsFoundLater(Import mode) {
    try (ConsulAgent late = ConsulAgent.stopped()) {
      Discovery here = discovery("here", late, mode);
      Discovery there = discovery("there", late, mode);
      Waiting.on(here.register(service.instance()));
      assertEquals(List.of(service.instance()), here.catalog().instances(name));
      assertEquals(false, Discoveries.answers(there));

      late.start();

      Waiting.until(there::status, () -> there.catalog().instances(name).size() == 1);
      close(here, there);
    }
  }

  @Test
  void whatWasKnownOutlivesARestartOfThisProcess() {
    ServiceInstance foreign = parts.foreign(1);
    try (ConsulAgent own = ConsulAgent.started()) {
      register(own, foreign);
      Discovery before = discovery("same", own, Import.BLOCKING_QUERY);
      parts.await(before, List.of(foreign));
      Waiting.on(before.close());
      own.kill();

      Discovery after = discovery("same", own, Import.BLOCKING_QUERY);

      assertEquals(List.of(foreign), after.catalog().instances(name));
      assertTrue(after.catalog().entries(name).get(0).stale());
      close(before, after);
    }
  }

  @ParameterizedTest
  @EnumSource(Import.class)
  void aLossOfMostIsBelievedTheSecondTime(Import mode) {
    Discovery discovery = discovery("a", mode);
    List<ServiceInstance> all =
        List.of(parts.foreign(1), parts.foreign(2), parts.foreign(3), parts.foreign(4));
    all.forEach(this::registerForeign);
    Waiting.until(discovery::catalog, () -> discovery.catalog().instances(name).size() == 4);

    all.subList(1, 4).forEach(this::deregisterForeign);

    parts.await(discovery, all.subList(0, 1));
    assertEquals(0, parts.stale(discovery));
  }

  @ParameterizedTest
  @EnumSource(Import.class)
  void whatAnswersNonsenseChangesNothing(Import mode) {
    for (String nonsense : List.of("<html>", "{\"web\": 7}", "{\"web\": []}", "[]")) {
      HttpServer server =
          Waiting.on(
              vertx
                  .createHttpServer()
                  .requestHandler(request -> request.response().end(nonsense))
                  .listen(0, "127.0.0.1"));
      Discovery discovery =
          discovery(
              "nonsense",
              new JsonObject()
                  .put("host", "127.0.0.1")
                  .put("port", server.actualPort())
                  .put("import", mode.name()));
      Waiting.on(discovery.register(service.instance()));

      assertEquals(false, Discoveries.answers(discovery), nonsense);
      assertEquals(List.of(service.instance()), discovery.catalog().instances(name));
      close(discovery);
      Waiting.on(server.close());
    }
  }

  @Test
  void oneServiceMayHaveTheSameIdOnTwoNodes() {
    Discovery discovery = discovery("a", Import.BLOCKING_QUERY);
    for (int node = 1; node <= 2; node++) {
      JsonObject entry =
          new JsonObject()
              .put("Node", "node-" + node + name)
              .put("Address", "10.0.0." + node)
              .put(
                  "Service", new JsonObject().put("ID", name).put("Service", name).put("Port", 80));
      put(consul, "/v1/catalog/register", entry);
    }

    Waiting.until(discovery::catalog, () -> discovery.catalog().instances(name).size() == 2);

    List<ServiceInstance> found = discovery.catalog().instances(name);
    assertEquals(name + "@10.0.0.1:80", found.get(0).id());
    assertEquals("10.0.0.2", found.get(1).host());
  }

  private void registerForeign(ServiceInstance instance) {
    register(consul, instance);
  }

  /** As a deploy script does: once, and without a check. */
  private void register(ConsulAgent to, ServiceInstance instance) {
    JsonObject body =
        ConsulFormat.write(instance, config(Import.BLOCKING_QUERY, to).consul().check());
    body.remove("Check");
    put(to, "/v1/agent/service/register", body);
  }

  private void deregisterForeign(ServiceInstance instance) {
    put(consul, "/v1/agent/service/deregister/" + instance.id(), new JsonObject());
  }

  private void put(ConsulAgent to, String path, JsonObject body) {
    HttpResponse<Buffer> answer =
        Waiting.on(
            parts
                .client
                .request(HttpMethod.PUT, to.port(), "127.0.0.1", path)
                .sendJsonObject(body));
    assertEquals(200, answer.statusCode(), answer::bodyAsString);
  }

  private JsonArray health(String service) {
    return Waiting.on(
            parts.client.get(consul.port(), "127.0.0.1", "/v1/health/service/" + service).send())
        .bodyAsJsonArray();
  }

  private Discovery discovery(String folder, Import mode) {
    return discovery(folder, consul, mode);
  }

  private Discovery discovery(String folder, ConsulAgent of, Import mode) {
    return parts.open(folder, config(mode, of));
  }

  private Discovery discovery(String folder, JsonObject more) {
    JsonObject here = new JsonObject().put("host", "127.0.0.1").put("port", consul.port());
    return parts.open(folder, config(here.mergeIn(more)));
  }

  private static void close(Discovery... discoveries) {
    for (Discovery discovery : discoveries) {
      Waiting.on(discovery.close());
    }
  }

  private static DiscoveryConfig config(Import mode, ConsulAgent of) {
    return config(
        new JsonObject()
            .put("host", "127.0.0.1")
            .put("port", of.port())
            .put("import", mode.name())
            .put("wait", "5s")
            .put("reregister_interval", "1s")
            .put("tags", new JsonArray().add("http-endpoint"))
            .put("check", new JsonObject().put("interval", "1s").put("timeout", "1s")));
  }

  private static DiscoveryConfig config(JsonObject consul) {
    return Discoveries.config(new JsonObject().put("type", "consul").put("consul", consul));
  }
}
