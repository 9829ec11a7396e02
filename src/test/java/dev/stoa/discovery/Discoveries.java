package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.config.ConfigReader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What each test against a registry has: a service with a name of its own, processes that look for
 * it, each with its own folder, and a client for asking the registry itself.
 */
final class Discoveries implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  final String name = "it-" + COUNT.incrementAndGet();
  final WebClient client;
  final FakeService service;
  private final Vertx vertx;
  private final Path home;
  private final List<Discovery> opened = new ArrayList<>();

  Discoveries(Vertx vertx, Path home) {
    this.vertx = vertx;
    this.home = home;
    this.client = WebClient.create(vertx);
    this.service = FakeService.named(vertx, name);
  }

  /** The configuration {@code discovery}; it has to be one that is accepted. */
  static DiscoveryConfig config(JsonObject discovery) {
    ConfigReader reader = ConfigReader.of(new JsonObject().put("discovery", discovery));
    DiscoveryConfig config = DiscoveryConfig.from(reader);
    assertEquals(List.of(), reader.errors());
    return config;
  }

  /** A process that keeps what it knows in this folder. */
  Discovery open(String folder, DiscoveryConfig config) {
    Discovery discovery = new Discovery(vertx, home.resolve(folder));
    opened.add(discovery);
    Waiting.on(discovery.configure(config));
    return discovery;
  }

  /** An instance of the service elsewhere, at an address where nobody is. */
  ServiceInstance foreign(int number) {
    return ServiceInstance.of(name, "10.0.0." + number, 80);
  }

  void await(Discovery discovery, ServiceInstance... instances) {
    await(discovery, List.of(instances));
  }

  /** Waits until it lists exactly these, in this order. */
  void await(Discovery discovery, List<ServiceInstance> instances) {
    Waiting.until(
        () -> discovery.status() + " instead of " + instances,
        () -> discovery.catalog().instances(name).equals(instances));
  }

  int stale(Discovery discovery) {
    return (int) discovery.catalog().entries(name).stream().filter(CatalogEntry::stale).count();
  }

  /** Whether its first registry answers. */
  static boolean answers(Discovery discovery) {
    return answers(discovery, 0);
  }

  static boolean answers(Discovery discovery, int registry) {
    return discovery.status().registries().get(registry).answering();
  }

  @Override
  public void close() {
    opened.forEach(discovery -> Waiting.on(discovery.close()));
    service.close();
    client.close();
  }
}
