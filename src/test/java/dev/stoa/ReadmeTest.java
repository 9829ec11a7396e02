package dev.stoa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Holds README.md to the configuration's defaults and to the catalogue of problems. */
class ReadmeTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern SIBLING = Pattern.compile("(\\.[a-z_]+)+");
  private static final Pattern SERVICE = Pattern.compile("^services\\.[a-z]+-service\\.");

  private final String readme;

  ReadmeTest() throws IOException {
    readme = Files.readString(Path.of("README.md"));
  }

  @Test
  void everyKeyOfTheDefaultsIsInTheReadmeWithItsDefault() throws IOException {
    Map<String, String> rows = rows();
    List<String> missing = new ArrayList<>();

    defaults()
        .forEach(
            (key, value) -> {
              String row = rows.getOrDefault(key, parents(key, rows));
              if (row == null ? !inProse(key) : !value.stream().allMatch(row::contains)) {
                missing.add(key + " = " + value);
              }
            });

    assertEquals(List.of(), missing);
  }

  @Test
  void everyTypeOfProblemIsInTheReadmeAsInTheCatalogueAndNoOther() {
    List<String> catalogue =
        Arrays.stream(ProblemType.values())
            .map(
                type ->
                    "| `%s` | %d | %s |"
                        .formatted(
                            type.uri().replace("/problems/", ""), type.status(), type.meaning()))
            .toList();

    List<String> documented =
        readme
            .substring(readme.indexOf("| type | status | when |"))
            .lines()
            .takeWhile(line -> line.startsWith("|"))
            .skip(2)
            .toList();

    assertEquals(catalogue, documented);
  }

  /**
   * The row of each key: {@code .b} after {@code a.a} is {@code a.b}; a heading {@code a.} is of
   * all.
   */
  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    String header = "";
    String section = "";
    for (String line : readme.split("\n")) {
      if (!line.startsWith("|")) {
        header = "";
        continue;
      }
      for (String code : codes(line.split("\\|")[1]).toList()) {
        if (code.endsWith(".")) {
          header = code;
        } else if (SIBLING.matcher(code).matches()) {
          rows.put(section + code, line);
        } else {
          rows.put(header + code, line);
          section = (header + code).replaceFirst("\\.[^.]+$", "");
        }
      }
    }
    return rows;
  }

  /** The row of a mapping that says all its keys, {@code {path: /health, interval: 10s}}. */
  private static String parents(String key, Map<String, String> rows) {
    int dot = key.lastIndexOf('.');
    String row = dot < 0 ? null : rows.get(key.substring(0, dot));
    return row != null && row.contains(key.substring(dot + 1)) ? row : null;
  }

  /** Whether one paragraph names the section and the key. */
  private boolean inProse(String key) {
    int dot = key.lastIndexOf('.');
    return dot > 0
        && Arrays.stream(readme.split("\n\n"))
            .filter(block -> !block.startsWith("|") && !block.startsWith("```"))
            .filter(block -> block.contains("`" + key.substring(0, dot)))
            .anyMatch(
                block ->
                    block.contains("`" + key.substring(dot + 1) + "`")
                        || block.contains("`" + key + ":")
                        || block.contains("`" + key + "`"));
  }

  private static Map<String, List<String>> defaults() throws IOException {
    try (InputStream in = ReadmeTest.class.getResourceAsStream("/stoa-defaults.yaml")) {
      Map<String, Object> all = new Yaml().load(in);
      all.remove("routes");
      Map<String, List<String>> flat = new TreeMap<>();
      flatten("", all, flat);
      return flat;
    }
  }

  private static void flatten(String prefix, Map<?, ?> section, Map<String, List<String>> flat) {
    section.forEach(
        (name, value) -> {
          String key = SERVICE.matcher(prefix + name).replaceFirst("services.<name>.");
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + name + ".", inner, flat);
          } else if (value instanceof List<?> list) {
            flat.put(key, list.stream().map(String::valueOf).toList());
          } else {
            flat.putIfAbsent(key, List.of(String.valueOf(value)));
          }
        });
  }

  private static Stream<String> codes(String cell) {
    Matcher code = CODE.matcher(cell);
    return code.results().map(found -> found.group(1));
  }
}
