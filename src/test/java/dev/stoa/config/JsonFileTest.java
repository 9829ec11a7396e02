package dev.stoa.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonFileTest {
  private Findings findings = new Findings();

  private Optional<Node.Mapping> read(String text) {
    findings = new Findings();
    return JsonFile.read("config.json", Buffer.buffer(text), findings);
  }

  @Test
  void readsValuesWithTheirLines() {
    Node.Mapping root =
        read("{\n \"a\": {\"b\": [1, 2.50,\n true, \"x\"]},\n \"big\": 12345678901234567890}\n")
            .orElseThrow();
    TreeReader reader = new TreeReader(root, new Reads(), findings);

    assertEquals(List.of(), reader.errors());
    assertEquals(1, reader.integer("a.b[0]", 0, 0, 9));
    assertEquals(2.5, reader.decimal("a.b[1]", 0, 0, 9));
    assertTrue(reader.bool("a.b[2]", false));
    assertEquals("x", reader.string("a.b[3]", ""));
    reader.string("a.b[1]", "");
    reader.string("a.b[2]", "");
    reader.integer("big", 0, 0, 9);
    assertEquals(
        List.of(
            "config.json:2: a.b[1]: expected text, found 2.50",
            "config.json:3: a.b[2]: expected text, found true (a boolean)",
            "config.json:4: big: expected a whole number from 0 to 9, found 12345678901234567890"),
        reader.errors().stream().map(ConfigError::toString).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}x",
        "{} {}",
        "{}]",
        "[1]",
        "5",
        "\"a\"",
        "{\"a\": 1,}",
        "{a: 1}",
        "{'a': 1}",
        "{\"a\": 01}",
        "{\"a\": NaN}",
        "{\"a\": .5}",
        "{\"a\": +1}",
        "// c\n{}",
        "{} // c",
        "{/* c */}",
        "{# c\n}",
        "{\"a\": tru}",
        "{\"a\": \"\u0001\"}",
        "\ufeff{}"
      })
  void refusesWhatIsNoStrictJsonObject(String text) {
    assertTrue(read(text).isEmpty());

    assertEquals(1, findings.errors().size(), () -> findings.errors().toString());
  }

  @Test
  void collectsDuplicatesAndNulls() {
    read("{\"a\": 1,\n\"b\": [null],\n\"a\": {\"c\": null}}");

    assertEquals(
        List.of(
            "config.json:2: b[0]: expected a value, found null",
            "config.json:3: a: expected each key once, found it again (first on line 1)",
            "config.json:3: a.c: expected a value, found null"),
        findings.errors().stream().map(ConfigError::toString).toList());
  }

  @Test
  void refusesDeepNesting() {
    assertTrue(read("{\"a\":" + "[".repeat(100_000)).isEmpty());
  }

  @Test
  void neverRepeatsWhatMayBeASecret() {
    read("{\"password\": hunter2}");

    assertFalse(findings.errors().toString().contains("hunter2"));
    assertEquals("config.json:1", findings.errors().get(0).file());
  }
}
