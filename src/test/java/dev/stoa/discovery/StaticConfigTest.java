package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticConfigTest {
  private final Vertx vertx = Vertx.vertx();
  @TempDir Path home;

  @AfterEach
  void close() {
    Waiting.on(vertx.close());
  }

  @Test
  void aServiceWithoutInstancesIsKnownAllTheSame() {
    DiscoveryConfig config = config("'A': ['http://h:1', 'https://h'], 'Ledger-Service': []");
    Discovery discovery = new Discovery(vertx, home);

    Waiting.on(discovery.configure(config));

    assertEquals(Set.of("a", "ledger-service"), discovery.catalog().services());
    assertEquals(List.of(), discovery.catalog().instances("ledger-service"));
    assertEquals(
        List.of(
            ServiceInstance.of("a", "h", 1), ServiceInstance.of("a", "h", 443).withSecure(true)),
        discovery.catalog().instances("a"));
    Waiting.on(discovery.close());
  }

  @Test
  void aServiceThatIsNotListedAnyMoreIsUnknownAlsoAfterARestart() {
    Discovery before = new Discovery(vertx, home);
    Waiting.on(before.configure(config("'a': ['http://h:1'], 'b': []")));
    assertTrue(before.catalog().knows("a"));

    Waiting.on(before.configure(config("'b': []")));
    assertFalse(before.catalog().knows("a"));
    Waiting.on(before.configure(config("'a': ['http://h:1']")));
    Waiting.on(before.close());
    Discovery after = new Discovery(vertx, home);
    Waiting.on(after.configure(config("'b': []")));

    assertEquals(Set.of("b"), after.catalog().services());
    Waiting.on(after.close());
  }

  @Test
  void whatIsNoAddressIsNamed() {
    ConfigReader reader = reader("'a': ['h:1'], 'b': [{'url': 'ftp://h'}, {'urls': 'http://h'}]");

    DiscoveryConfig.from(reader);

    assertEquals(
        List.of("services.a", "services.b[0].url", "services.b[1].url", "services.b[1].urls"),
        reader.errors().stream()
            .map(ConfigError::path)
            .map(path -> path.replace("discovery.static.", ""))
            .sorted()
            .toList());
  }

  private static DiscoveryConfig config(String services) {
    ConfigReader reader = reader(services);
    DiscoveryConfig config = DiscoveryConfig.from(reader);
    assertEquals(List.of(), reader.errors());
    return config;
  }

  private static ConfigReader reader(String services) {
    String json = "{'discovery': {'type': 'static', 'static': {'services': {" + services + "}}}}";
    return ConfigReader.of(new JsonObject(json.replace('\'', '"')));
  }
}
