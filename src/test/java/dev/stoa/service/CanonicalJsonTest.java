package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

  @Test
  void sortsMembersAndDropsWhiteSpace() {
    assertEquals(
        "{\"a\":[1,{\"c\":null,\"d\":true}],\"b\":\"x y\",\"e\":{},\"f\":[]}",
        of("{ \"f\": [], \"e\": {}, \"b\":\"x y\", \"a\" : [1, {\"d\":true, \"c\":null}]}"));
  }

  @ParameterizedTest
  @CsvSource({"1, 1.0", "100, 1e2", "0, -0.0", "0.10, 1E-1", "20.00, 20"})
  void numbersOfOneValueHaveOneText(String one, String other) {
    assertEquals(of("{\"n\":" + one + "}"), of("{\"n\":" + other + "}"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "0.1, 0.1000000000000000055511151231257827",
    "9007199254740993, 9007199254740992",
    "'\"1\"', 1",
    "[], {}",
    "null, '\"\"'",
    "'[1,2]', '[2,1]'",
    "'\"A\"', '\"a\"'"
  })
  void otherValuesHaveAnother(String one, String other) {
    assertNotEquals(of("{\"n\":" + one + "}"), of("{\"n\":" + other + "}"));
  }

  private static String of(String json) {
    return CanonicalJson.of(StrictJson.object(json.getBytes(StandardCharsets.UTF_8)).orElseThrow());
  }
}
