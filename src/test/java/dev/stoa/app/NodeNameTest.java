package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import dev.stoa.observability.ManagementConfig;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class NodeNameTest {

  @Test
  void isItsAddressInTheCluster() {
    ConfigReader root =
        ConfigReader.of(new JsonObject("{\"cluster\": {\"host\": \"10.0.0.7\", \"port\": 5702}}"));

    assertEquals("10.0.0.7:5702", name(root, true));
  }

  @Test
  void aloneIsTheSameAfterARestartAndAnotherForEachProcessOfAMachine() {
    String name =
        name(ConfigReader.of(new JsonObject("{\"management\": {\"port\": 8091}}")), false);
    String again =
        name(ConfigReader.of(new JsonObject("{\"management\": {\"port\": 8091}}")), false);
    String other =
        name(ConfigReader.of(new JsonObject("{\"management\": {\"port\": 8092}}")), false);

    assertTrue(name.endsWith(":8091"), name);
    assertEquals(name, again);
    assertNotEquals(name, other);
  }

  @Test
  void isWhatTheConfigurationSaysUnlessThatIsNoName() {
    ConfigReader named = ConfigReader.of(new JsonObject("{\"node\": \"shop-1\"}"));
    ConfigReader nonsense = ConfigReader.of(new JsonObject("{\"node\": \"shop\\n1\"}"));

    assertEquals("shop-1", name(named, true));
    name(nonsense, true);
    assertEquals("node", nonsense.errors().get(0).path());
  }

  private static String name(ConfigReader root, boolean clustered) {
    return NodeName.of(root, ClusterConfig.from(root), ManagementConfig.from(root), clustered);
  }
}
