package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryTest {
  private static final String EUREKA =
      "{\"applications\":{\"application\":[{\"instance\":[{\"instanceId\":\"u\",\"app\":\"USER\","
          + "\"hostName\":\"h\",\"status\":\"UP\",\"port\":{\"$\":80,\"@enabled\":true}}]}]}}";

  private static final String CONSUL =
      "[{\"Node\":{\"Address\":\"h\"},\"Service\":{\"ID\":\"u\",\"Service\":\"user\",\"Port\":80},"
          + "\"Checks\":[]}]";

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path home;

  @AfterEach
  void close() {
    Waiting.on(vertx.close());
  }

  @Test
  void registriesThatHangHoldUpNeitherTheStartNorTheEnd() {
    AtomicInteger asked = new AtomicInteger();
    int port =
        Waiting.on(
                vertx
                    .createHttpServer()
                    .requestHandler(request -> asked.incrementAndGet()) // and never answers
                    .listen(0, "127.0.0.1"))
            .actualPort();
    String url = "http://127.0.0.1:" + port + "/";
    JsonArray servers = new JsonArray().add(url + "a").add(url + "b").add(url + "c").add(url + "d");
    DiscoveryConfig config =
        Discoveries.config(
            new JsonObject()
                .put("type", "consul,eureka")
                .put("consul", new JsonObject().put("host", "127.0.0.1").put("port", port))
                .put("eureka", new JsonObject().put("url", servers)));
    Discovery discovery =
        new Discovery(vertx, home, Duration.ofMillis(200), Duration.ofMillis(400));
    ServiceInstance own = ServiceInstance.of("shop", "127.0.0.1", 1);

    Waiting.on(discovery.configure(config));
    Waiting.on(discovery.register(own));
    assertEquals(List.of(own), discovery.catalog().instances("shop"));
    Waiting.until(asked::get, () -> asked.get() >= 4); // reading and registering, both
    // Their own time-outs come to 40 s, which is longer than is waited for here.
    Waiting.on(discovery.leave());
    Waiting.on(discovery.close());
  }

  @Test
  void aRegistryThatIsAskedInAnotherWayIsNotForgottenWhileItHangs() {
    FakeRegistry registry = new FakeRegistry(vertx);
    registry.says("/eureka/apps", EUREKA, 0);
    Discovery discovery = new Discovery(vertx, home);
    Waiting.on(discovery.configure(registry.eureka("full")));
    Waiting.on(discovery.register(ServiceInstance.of("shop", "127.0.0.1", 1)));
    Waiting.until(discovery::status, () -> discovery.catalog().instances("user").size() == 1);
    AtomicInteger lost = new AtomicInteger();
    discovery.watch(catalog -> lost.addAndGet(1 - catalog.instances("user").size()));

    registry.hangs();
    Waiting.on(discovery.configure(registry.eureka("delta")));

    assertEquals("not asked yet", discovery.status().registries().get(0).failure());
    assertTrue(discovery.catalog().entries("user").get(0).stale());
    registry.says("/eureka/apps", EUREKA, 0);
    Waiting.until(discovery::status, () -> Discoveries.answers(discovery));
    assertEquals(0, lost.get());
    Waiting.on(discovery.close());
  }

  @Test
  void aConsulThatListsNotEvenItselfEmptiesNothing() {
    FakeRegistry registry = new FakeRegistry(vertx);
    registry.says("/v1/catalog/services", "{\"consul\":[],\"user\":[]}", 7);
    registry.says("/v1/health/service/user", CONSUL, 7);
    Discovery discovery = new Discovery(vertx, home);
    Waiting.on(discovery.configure(registry.consul()));
    Waiting.until(discovery::status, () -> discovery.catalog().instances("user").size() == 1);

    registry.says("/v1/catalog/services", "{}", 8);

    Waiting.until(discovery::status, () -> !Discoveries.answers(discovery));
    String failure = discovery.status().registries().get(0).failure();
    assertTrue(failure.contains("not even its own"), failure);
    assertEquals(1, discovery.catalog().instances("user").size());
    Waiting.on(discovery.close());
  }
}
