package dev.stoa.service;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a schema expected, in the words of somebody who filled in a form. The validator speaks of
 * instances and keywords; where its words are not known here, they stand.
 */
final class SchemaReason {
  private static final Pattern TYPE = Pattern.compile("Expected ([a-z]+)$");
  private static final Pattern NAMED = Pattern.compile("any of \\[(.*)]$");
  private static final Pattern BOUND = Pattern.compile("[<>] (-?\\d+)\\)$");
  private static final Pattern LIMIT = Pattern.compile("(?:less|greater) than (-?[\\d.E+]+)$");

  private SchemaReason() {}

  /** The reason why a value breaks {@code keyword}, given what the validator said. */
  static String of(String keyword, String said) {
    return switch (keyword) {
      case "type" -> reworded(TYPE, said, "must be %s");
      case "enum" -> reworded(NAMED, said, "must be one of %s");
      case "minLength", "minItems" -> reworded(BOUND, said, "must have a length of at least %s");
      case "maxLength", "maxItems" -> reworded(BOUND, said, "must have a length of at most %s");
      case "minimum" -> reworded(LIMIT, said, "must be at least %s");
      case "maximum" -> reworded(LIMIT, said, "must be at most %s");
      default -> said;
    };
  }

  private static String reworded(Pattern pattern, String said, String words) {
    Matcher matcher = pattern.matcher(said);
    if (!matcher.find()) {
      return said;
    }
    String what = matcher.group(1);
    return switch (what) {
      case "string", "number", "boolean" -> words.formatted("a " + what);
      case "integer" -> words.formatted("a whole number");
      case "object", "array" -> words.formatted("an " + what);
      default -> words.formatted(what.replace("\"", "").replaceAll(",(?! )", ", "));
    };
  }
}
