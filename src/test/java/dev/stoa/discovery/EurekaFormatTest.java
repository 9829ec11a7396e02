package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.EurekaFormat.Listed;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EurekaFormatTest {
  private static final String GOOD =
      "{\"instanceId\":\"a\",\"app\":\"SHOP\",\"hostName\":\"h\",\"status\":\"UP\","
          + "\"port\":{\"$\":\"80\",\"@enabled\":\"true\"}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "{}",
        "{\"instanceId\":\"b\",\"app\":\"SHOP\",\"hostName\":\"h\",\"port\":80}",
        "{\"instanceId\":\"b\",\"app\":\"SHOP\",\"hostName\":\"h\",\"metadata\":\"x\","
            + "\"port\":{\"$\":80,\"@enabled\":\"true\"}}"
      })
  void oneThatNobodyUnderstandsIsLeftOutUnlessAllAreOfThatKind(String bad) {
    List<Listed> listed = read(GOOD + "," + bad);

    assertEquals(
        List.of(new ServiceInstance("a", "shop", "h", 80)),
        listed.stream().map(one -> one.instance().orElseThrow()).toList());
    assertThrows(IllegalArgumentException.class, () -> read(bad));
  }

  @Test
  void whatIsThereAndNullIsNotThere() {
    String bare = GOOD.replace("\"status\":\"UP\"", "\"status\":null,\"metadata\":null");

    Listed listed = read(bare.replace("\"app\"", "\"actionType\":null,\"app\"")).get(0);

    assertEquals("UNKNOWN", listed.status());
    assertEquals("", listed.action());
    assertEquals(new ServiceInstance("a", "shop", "h", 80), listed.instance().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://h:99999/eureka", "http://h:0/eureka", "ftp://h/eureka", "h:8761", ""})
  void whatIsNoServerIsNamed(String url) {
    ConfigReader reader = ConfigReader.of(new JsonObject().put("url", url));

    EurekaConfig.from(reader);

    assertEquals("url", reader.errors().get(0).path());
  }

  @Test
  void nobodyCanCallAPortThatIsNone() {
    List<Listed> listed = read(GOOD.replace("80", "0") + "," + GOOD.replace("80", "70000"));

    assertEquals(0, listed.stream().filter(one -> one.instance().isPresent()).count());
  }

  @Test
  void whatListsNoApplicationsIsNoAnswer() {
    assertThrows(
        IllegalArgumentException.class, () -> EurekaFormat.read(new JsonObject("{\"a\":1}")));
  }

  private static List<Listed> read(String instances) {
    return EurekaFormat.read(
            new JsonObject(
                "{\"applications\":{\"application\":[{\"instance\":[" + instances + "]}]}}"))
        .instances();
  }
}
