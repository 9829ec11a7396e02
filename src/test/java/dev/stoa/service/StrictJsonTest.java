package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @Test
  void readsEveryKindOfValue() {
    JsonObject read =
        read("{\"s\":\"é\\u0041\",\"i\":1,\"l\":9007199254740993,\"d\":0.10,\"b\":true,\"n\":null,\"a\":[1,{\"x\":[]}]}")
            .orElseThrow();

    assertEquals("éA", read.getString("s"));
    assertEquals(9007199254740993L, read.getLong("l"));
    assertEquals(new BigDecimal("0.10"), read.getValue("d"));
    assertTrue(read.containsKey("n"));
    assertEquals(1, read.getJsonArray("a").getInteger(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "[]",
        "\"x\"",
        "{",
        "{}}",
        "{} {}",
        "{}x",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "{'a':1}",
        "/* c */{}",
        "{\"a\":1 // c\n}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":.5}",
        "{\"a\":\"\u0001\"}",
        "\uFEFF{}x",
        "{\"a\":+1}"
      })
  void refusesWhatIsNotOneObject(String text) {
    assertEquals(Optional.empty(), read(text));
  }

  @Test
  void refusesDepthAndLengthBombs() {
    assertEquals(Optional.empty(), read("{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"));
    assertEquals(Optional.empty(), read("{\"a\":" + "9".repeat(10_000) + "}"));
  }

  @Test
  void refusesBrokenUtf8() {
    assertEquals(
        Optional.empty(),
        StrictJson.object(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}));
  }

  @Test
  void refusesOtherEncodings() {
    assertEquals(Optional.empty(), StrictJson.object("{}".getBytes(StandardCharsets.UTF_16LE)));
    assertEquals(Optional.empty(), StrictJson.object("{}".getBytes(StandardCharsets.UTF_16)));
  }

  private static Optional<JsonObject> read(String text) {
    return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
  }
}
