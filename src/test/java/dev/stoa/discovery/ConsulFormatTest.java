package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.consul.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsulFormatTest {
  private final ConsulConfig config = ConsulConfig.from(ConfigReader.of(new JsonObject()));

  @Test
  void isCheckedAtItsHealthEveryTenSeconds() {
    JsonObject check =
        ConsulFormat.write(ServiceInstance.of("users", "10.0.0.1", 8081), config.check())
            .getJsonObject("Check");

    assertEquals("http://10.0.0.1:8081/health", check.getString("HTTP"));
    assertEquals("10000ms", check.getString("Interval"));
    assertEquals("5000ms", check.getString("Timeout"));
    assertEquals("passing", check.getString("Status"));
  }

  @Test
  void isReadAsItWasWritten() {
    ServiceInstance instance =
        ServiceInstance.of("users", "10.0.0.1", 8081)
            .withSecure(true)
            .withWeight(0)
            .withZone("north")
            .withTags(Set.of("canary"))
            .withMetadata(Map.of("team", "shop"));
    ServiceInstance marked = ConsulFormat.marked(instance, config);

    JsonObject json = ConsulFormat.write(marked, config.check());

    Service service =
        new Service()
            .setId(json.getString("ID"))
            .setName(json.getString("Name"))
            .setAddress(json.getString("Address"))
            .setPort(json.getInteger("Port"))
            .setTags(List.of("canary", "http-endpoint"))
            .setMeta(
                json.getJsonObject("Meta").stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> (String) e.getValue())));
    assertEquals(Optional.of(marked), ConsulFormat.read(service, ""));
    assertEquals(1, json.getJsonObject("Weights").getInteger("Passing"));
  }

  @Test
  void withoutAnAddressThereIsNoInstance() {
    Service service = new Service().setId("a").setName("A").setPort(80);

    assertEquals(Optional.empty(), ConsulFormat.read(service, null));
    assertEquals("10.0.0.9", ConsulFormat.read(service, "10.0.0.9").orElseThrow().host());
    assertEquals("a", ConsulFormat.read(service, "10.0.0.9").orElseThrow().service());
    assertEquals(Optional.empty(), ConsulFormat.read(service.setPort(0), "10.0.0.9"));
  }

  @Test
  void aHostThatIsNoneIsNamed() {
    for (String host : List.of("", " ", "http://localhost", "localhost/")) {
      ConfigReader reader = ConfigReader.of(new JsonObject().put("host", host));

      ConsulConfig.from(reader);

      assertEquals("host", reader.errors().get(0).path(), host);
    }
  }

  @Test
  void whatConsulHasNothingForMayBeNull() {
    JsonObject json =
        new JsonObject("{\"ID\":\"a\",\"Service\":\"a\",\"Port\":80,\"Tags\":null,\"Meta\":null}");

    assertEquals(
        Optional.of(new ServiceInstance("a", "a", "h", 80)),
        ConsulFormat.read(ConsulFormat.service(json), "h"));
  }

  @Test
  void aWeightThatIsNoneIsOne() {
    for (String weight : List.of("many", "-1", "99999999")) {
      Service service =
          new Service().setId("a").setName("a").setPort(80).setMeta(Map.of("weight", weight));
      assertEquals(1, ConsulFormat.read(service, "h").orElseThrow().weight(), weight);
    }
  }

  @Test
  void metadataThatConsulOrWeWouldTakeForSomethingElseIsRefused() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject()
                .put(
                    "metadata",
                    new JsonObject()
                        .put("weight", 5)
                        .put("zone", "a")
                        .put("not a key", "x")
                        .put("consul-version", "x")
                        .put("long", "x".repeat(513))
                        .put("team", "shop")));

    ConsulConfig.from(reader);

    assertEquals(
        Set.of(
            "metadata.weight",
            "metadata.zone",
            "metadata.not a key",
            "metadata.consul-version",
            "metadata.long"),
        reader.errors().stream().map(ConfigError::path).collect(Collectors.toSet()));
  }
}
