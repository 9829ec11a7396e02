package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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

  /** Half of a pair is no character: it could not be written as UTF-8 again. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\ude00\\ud83d\"}",
        "{\"a\":\"\\ud83dx\"}",
        "{\"\\ud800\":1}",
        "{\"a\":[\"\\ud800\"]}"
      })
  void refusesLoneSurrogates(String text) {
    assertEquals(Optional.empty(), read(text));
  }

  @Test
  void takesPairsOfSurrogates() {
    assertEquals("\ud83d\ude00", read("{\"a\":\"\\ud83d\\ude00\"}").orElseThrow().getString("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "-1e-999999999", "1E+2147483648", "1e1001"})
  void refusesNumbersThatGrowWhenTheyAreUsed(String number) {
    assertEquals(Optional.empty(), read("{\"a\":" + number + "}"));
  }

  /** Overlong forms, surrogates and more than Unicode has (RFC 3629, section 3). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "C0AF",
        "E080AF",
        "F08080AF",
        "EDA080",
        "EDBFBF",
        "F4908080",
        "F8888080",
        "FE",
        "FF",
        "80",
        "E282",
        "C3"
      })
  void refusesWhatIsNoUtf8(String hex) {
    byte[] inside = HexFormat.of().parseHex(hex);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.writeBytes("{\"a\":\"".getBytes(StandardCharsets.UTF_8));
    json.writeBytes(inside);
    json.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));

    assertEquals(Optional.empty(), StrictJson.object(json.toByteArray()));
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
