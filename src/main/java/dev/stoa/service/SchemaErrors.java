package dev.stoa.service;

import dev.stoa.problem.FieldError;
import io.vertx.json.schema.OutputUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns the output of a JSON Schema validation into one error for each field. The output is a flat
 * list in which an error also shows as an error of everything around it; only the innermost says
 * what is wrong.
 */
final class SchemaErrors {
  /** Keywords that only say that something inside them is wrong. */
  private static final Set<String> CONTAINERS =
      Set.of("properties", "items", "$ref", "allOf", "additionalProperties", "prefixItems");

  private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

  private SchemaErrors() {}

  /**
   * The errors in the order in which they were found.
   *
   * @param root the field that the validated value is; empty for a body
   */
  static List<FieldError> of(OutputUnit output, String root) {
    if (output.getValid()) {
      return List.of();
    }
    List<OutputUnit> units = output.getErrors() == null ? List.of() : output.getErrors();
    Set<String> declared =
        units.stream()
            .filter(unit -> keyword(unit).equals("properties"))
            .map(OutputUnit::getInstanceLocation)
            .collect(Collectors.toSet());
    Map<String, FieldError> byField = new LinkedHashMap<>();
    for (OutputUnit unit : units) {
      String location = unit.getInstanceLocation();
      String field = field(root, location);
      switch (keyword(unit)) {
        case "required" -> {
          String name = quoted(unit.getError());
          note(byField, field.isEmpty() ? name : field + "." + name, "is required");
        }
        case "additionalProperties" -> {
          if (!declared.contains(location)) {
            note(byField, field, "is not a field of this operation");
          }
        }
        case "pattern" -> note(byField, field, "is not in the expected form");
        default -> {
          if (!CONTAINERS.contains(keyword(unit))) {
            note(byField, field, SchemaReason.of(keyword(unit), unit.getError()));
          }
        }
      }
    }
    if (byField.isEmpty()) {
      note(byField, root, "does not match the contract");
    }
    return new ArrayList<>(byField.values());
  }

  private static void note(Map<String, FieldError> byField, String field, String reason) {
    byField.putIfAbsent(field, new FieldError(field.isEmpty() ? "body" : field, reason));
  }

  /** {@code #/items/0/quantity} as {@code items.0.quantity}. */
  private static String field(String root, String location) {
    String inside = location.replaceFirst("^#/?", "").replace('/', '.');
    if (root.isEmpty() || inside.isEmpty()) {
      return root + inside;
    }
    return root + "." + inside;
  }

  private static String keyword(OutputUnit unit) {
    String location = unit.getKeywordLocation();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static String quoted(String text) {
    Matcher matcher = QUOTED.matcher(text);
    return matcher.find() ? matcher.group(1) : "body";
  }
}
