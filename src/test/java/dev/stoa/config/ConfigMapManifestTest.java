package dev.stoa.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigMapManifestTest {
  private static final String HEAD =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: gateway-config
        creationTimestamp: null
      """;

  private static Vertx vertx;
  private final Findings findings = new Findings();

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  private Optional<Node.Mapping> read(String text) {
    return new YamlFile(vertx, findings)
        .read("routes.yaml", "conf/routes.yaml", Buffer.buffer(text));
  }

  private TreeReader good(String text) {
    Node.Mapping root = read(text).orElseThrow();
    assertEquals(List.of(), findings.errors());
    return new TreeReader(root, new Reads(), findings);
  }

  @Test
  void usesTheEntryOfTheFilesName() {
    TreeReader reader =
        good(
            HEAD
                + """
                data:
                  other.yaml: |
                    a: wrong
                  routes.yaml: |
                    a: right
                """);

    assertEquals("right", reader.string("a", ""));
  }

  @Test
  void usesTheOnlyEntryAndCountsItsLines() {
    TreeReader reader =
        good(
            HEAD
                + """
                data:
                  gateway.yaml: |
                    routes:
                      - name: a
                        path: 5
                """);

    reader.string("routes[0].path", "");

    assertEquals(
        "conf/routes.yaml!gateway.yaml:3: routes[0].path: expected text, found 5",
        reader.errors().get(0).toString());
  }

  @Test
  void theEntryIsCheckedAsStrictly() {
    read(HEAD + "data:\n  routes.yaml: |\n    a: 1\n    a: 010\n");

    assertEquals(
        List.of("conf/routes.yaml!routes.yaml:2", "conf/routes.yaml!routes.yaml:2"),
        findings.errors().stream().map(ConfigError::file).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data: {}\n",
        "data:\n",
        "data: text\n",
        "data:\n  a: 'x: y'\n  b: 'x: y'\n",
        "data:\n  routes.yaml: 'a: b'\n  routes.yaml: 'a: c'\n",
        "data:\n  routes.yaml: ''\n"
      })
  void refusesAManifestWithoutTheEntry(String data) {
    assertTrue(read(HEAD + data).isEmpty());

    assertEquals(1, findings.errors().size(), () -> findings.errors().toString());
  }

  @Test
  void aConfigurationMayHaveAKeyNamedKind() {
    assertEquals("ConfigMap", good("kind: ConfigMap\n").string("kind", ""));
  }
}
