package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
  void aWeightThatIsNoneIsOne() {
    for (String weight : List.of("many", "-1", "99999999")) {
      Service service =
          new Service().setId("a").setName("a").setPort(80).setMeta(Map.of("weight", weight));
      assertEquals(1, ConsulFormat.read(service, "h").orElseThrow().weight(), weight);
    }
  }
}
