package dev.stoa.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlFileTest {
  private static Vertx vertx;
  private Findings findings = new Findings();

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  private Optional<Node.Mapping> read(String text) {
    findings = new Findings();
    return new YamlFile(vertx, findings).read("c.yaml", "conf/c.yaml", Buffer.buffer(text));
  }

  private List<String> errors(String text) {
    read(text);
    return findings.errors().stream().map(ConfigError::toString).toList();
  }

  private TreeReader good(String text) {
    Node.Mapping root = read(text).orElseThrow();
    assertEquals(List.of(), findings.errors());
    return new TreeReader(root, new Reads(), findings);
  }

  @Test
  void readsWhatIsPlain() {
    TreeReader reader =
        good(
            """
            # comment
            text: a b
            number: 5
            long: 5000000000
            decimal: 1.5
            negative: -3
            flag: true
            quoted: "10:30"
            empty: ""
            list: [a, b]
            nested:
              deep: {x: y}
            block: |
              line 1
              line 2
            none: {}
            """);

    assertEquals("a b", reader.string("text", ""));
    assertEquals(5, reader.integer("number", 0, 0, 9));
    assertEquals(5_000_000_000L, reader.value("long").orElseThrow());
    assertEquals(1.5, reader.decimal("decimal", 0, 0, 9));
    assertEquals(-3, reader.integer("negative", 0, -9, 9));
    assertTrue(reader.bool("flag", false));
    assertEquals("10:30", reader.string("quoted", ""));
    assertEquals("", reader.string("empty", "d"));
    assertEquals(List.of("a", "b"), reader.strings("list", List.of()));
    assertEquals("y", reader.string("nested.deep.x", ""));
    assertEquals("line 1\nline 2\n", reader.string("block", ""));
    assertEquals(List.of(), reader.errors());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "# only a comment\n",
        "---\n",
        "---\n# nothing\n",
        "~\n",
        "null\n",
        "\ufeff"
      })
  void refusesEmptyDocuments(String text) {
    assertTrue(read(text).isEmpty());

    assertEquals(1, findings.errors().size());
    assertEquals("a mapping", findings.errors().get(0).expected());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "- a\n- b\n", "5", "[a]", "\"{}\""})
  void refusesRootsThatAreNoMapping(String text) {
    assertTrue(read(text).isEmpty());

    assertEquals("conf/c.yaml:1: expected a mapping, found another value", errors(text).get(0));
  }

  @Test
  void saysFoundOnce() {
    assertTrue(read("a: \"cut off").isEmpty());

    assertEquals(
        "conf/c.yaml:1: expected valid YAML, found unexpected end of stream",
        errors("a: \"cut off").get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: b\n---\nc: d\n", "a: b\n---\n", "a: b\n...\n---\nc: d\n"})
  void refusesSeveralDocuments(String text) {
    assertTrue(read(text).isEmpty());

    assertEquals("one document", findings.errors().get(0).expected());
  }

  @Test
  void anExplicitDocumentStartIsFine() {
    assertEquals("b", good("---\na: b\n...\n").string("a", ""));
  }

  @Test
  void duplicateKeysNameBothLines() {
    assertEquals(
        List.of(
            "conf/c.yaml:4: auth.expiry: expected each key once, found it again (first on line 2)",
            "conf/c.yaml:5: auth: expected each key once, found it again (first on line 1)"),
        errors("auth:\n  expiry: 1\n  other: 2\n  expiry: 3\nauth: {x: y}\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"k:", "k: ~", "k: null", "k: Null", "k: !!null x"})
  void refusesNulls(String text) {
    assertEquals(
        List.of("conf/c.yaml:2: k: expected a value, found nothing (null)"),
        errors("a: b\n" + text + "\n"));
  }

  @Test
  void refusesNullsInLists() {
    assertEquals(
        List.of("conf/c.yaml:3: k[1]: expected a value, found nothing (null)"),
        errors("k:\n  - a\n  -\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes: x",
        "1: x",
        "1.5: x",
        "true: x",
        "null: x",
        "~: x",
        "2020-01-01: x",
        "? [a]\n: x",
        "? \n: x",
        "'': x"
      })
  void refusesKeysThatAreNoText(String entry) {
    assertTrue(
        errors("a: b\n" + entry + "\n")
            .get(0)
            .startsWith("conf/c.yaml:2: expected keys that are text"));
  }

  @Test
  void quotedKeysAreText() {
    assertEquals("x", good("\"yes\": x\n").string("yes", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10:30",
        "1:30:00",
        "190:20:30.15",
        "010",
        "0777",
        "-017",
        "0x1F",
        "0b101",
        "1_000",
        "1_000.5",
        ".inf",
        "-.inf",
        ".nan",
        "01.5",
        "1.",
        ".5",
        "!!int \"010\"",
        "!!float \"1:30.5\""
      })
  void refusesNumbersThatAreNotWhatTheyLookLike(String value) {
    List<String> errors = errors("a: b\nk: " + value + "\n");

    assertEquals(1, errors.size(), errors::toString);
    assertTrue(
        errors
            .get(0)
            .startsWith("conf/c.yaml:2: k: expected a plain number, or text in quotes, found"),
        errors::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2020-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5"})
  void refusesDates(String value) {
    assertEquals("text in quotes", expected("k: " + value + "\n"));
  }

  private String expected(String text) {
    read(text);
    assertEquals(1, findings.errors().size(), () -> findings.errors().toString());
    return findings.errors().get(0).expected();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!binary aGk=",
        "!!set {a, b}",
        "!!omap [a: b]",
        "!!java.lang.String x",
        "!mine x",
        "<<",
        "!!python/object:x {}",
        "!!timestamp 2020-01-01x",
        "!!bool maybe",
        "!!int x",
        "!!seq {}"
      })
  void refusesForeignTagsWithoutACrash(String value) {
    read("a: b\nk: " + value + "\n");

    assertFalse(findings.errors().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"yes", "No", "on", "OFF", "true", "False"})
  void plainBooleansAreNeverText(String value) {
    Node.Mapping root = read("k: " + value + "\n").orElseThrow();
    TreeReader reader = new TreeReader(root, new Reads(), findings);

    assertEquals("d", reader.string("k", "d"));

    assertEquals(
        "conf/c.yaml:1: k: expected text, found " + value + " (a boolean)",
        reader.errors().get(0).toString());
  }

  @Test
  void numbersAreNeverTextAndAreShownAsWritten() {
    Node.Mapping root = read("version: 1.10\n").orElseThrow();
    TreeReader reader = new TreeReader(root, new Reads(), findings);

    reader.string("version", "");

    assertEquals(
        "conf/c.yaml:1: version: expected text, found 1.10", reader.errors().get(0).toString());
  }

  @Test
  void collectsAllErrorsOfAFile() {
    assertEquals(
        List.of(
            "conf/c.yaml:1: a: expected a value, found nothing (null)",
            "conf/c.yaml:3: b.x: expected a plain number, or text in quotes, found 010",
            "conf/c.yaml:4: b: expected keys that are text (in quotes), found \"on\" as a key",
            "conf/c.yaml:5: a: expected each key once, found it again (first on line 1)"),
        errors("a:\nb:\n  x: 010\n  on: 1\na: 2\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b\n  c: d\n",
        "a: [b\n",
        "a: {b: c\n",
        "a: \"b\n",
        "a: 'b\n",
        "\ta: b\n",
        "a: b: c\n",
        "a: @b\n",
        "a: *unknown\n",
        "a: %b\n",
        "a: !h!x b\n",
        "a: \u0007\n",
        "a\nb: c\n"
      })
  void refusesBrokenSyntax(String text) {
    assertTrue(read(text).isEmpty());

    assertEquals(1, findings.errors().size());
    assertEquals("valid YAML", findings.errors().get(0).expected());
  }

  @Test
  void refusesOtherEncodings() {
    byte[] latin1 = {'a', ':', ' ', (byte) 0xe4, '\n'};

    assertTrue(new YamlFile(vertx, findings).read("c", "c", Buffer.buffer(latin1)).isEmpty());

    assertEquals("UTF-8 text", findings.errors().get(0).expected());
  }

  @Test
  void readsTextBeyondAscii() {
    assertEquals("größe 🚪", good("k: größe 🚪\n").string("k", ""));
  }

  @Test
  void aliasesAndMergesWorkAndKeepTheirLines() {
    TreeReader reader =
        good(
            """
            base: &base
              timeout: 5
              retry: 1
            route:
              retry: 2
              <<: *base
            both: {<<: [{x: 1}, {x: 2, y: 3}], z: 4}
            """);

    assertEquals(5, reader.integer("route.timeout", 0, 0, 9));
    assertEquals(2, reader.integer("route.retry", 0, 0, 9));
    assertEquals(1, reader.integer("both.x", 0, 0, 9));
    reader.error("route.timeout", "less");
    reader.error("route.retry", "less");
    assertEquals(
        List.of("conf/c.yaml:2", "conf/c.yaml:5"),
        reader.errors().stream().map(ConfigError::file).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
        "a: &a {<<: *a}\n",
        "&a a: {b: {c: 1}, <<: *a}\n",
        "a: {<<: 5}\n"
      })
  void refusesWhatContainsItself(String text) {
    assertTrue(read(text).isEmpty());

    assertFalse(findings.errors().isEmpty());
  }

  @Test
  void refusesExplodingAliases() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 6; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(8) + alias + "]\n");
    }

    assertTrue(read(bomb.toString()).isEmpty());
  }

  @Test
  void refusesDeepNesting() {
    assertTrue(read("a: " + "[".repeat(100_000)).isEmpty());
    assertTrue(read("a: " + "[".repeat(60) + "]".repeat(60)).isEmpty());
  }

  @Test
  void neverRepeatsWhatMayBeASecret() {
    for (String value :
        List.of(
            "*hunter2",
            "!hunter2 x",
            "!h!hunter2 x",
            "10:30",
            "@hunter2",
            "\"hunter2",
            "[hunter2",
            "0x2",
            "2020-01-01")) {
      for (String error : errors("password: " + value + "\n")) {
        assertFalse(error.contains("hunter2"), error);
        assertFalse(
            error.contains("10:30") || error.contains("0x2") || error.contains("2020"), error);
      }
      assertFalse(findings.errors().isEmpty(), value);
    }
  }

  @Test
  void linesOfNestedValuesAreKnown() {
    TreeReader reader =
        good(
            "routes:\n  - name: a\n    path: /x\n  - name: b\n    methods:\n      - GET\n      - PUT\n");

    for (String path :
        List.of(
            "routes", "routes[0]", "routes[0].path", "routes[1].methods[1]", "routes[1].absent")) {
      reader.error(path, "x");
    }

    assertEquals(
        List.of(
            "conf/c.yaml:1", "conf/c.yaml:2", "conf/c.yaml:3", "conf/c.yaml:7", "conf/c.yaml:4"),
        reader.errors().stream().map(ConfigError::file).toList());
  }
}
