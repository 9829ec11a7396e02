package dev.stoa.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a single value is when it is read as text, number, duration and so on; empty if it is not.
 */
final class Scalars {
  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on");
  private static final Set<String> FALSE = Set.of("false", "0", "no", "off");

  private Scalars() {}

  /** Text, also what an untyped source wrote. */
  static Optional<String> text(Node node) {
    if (node instanceof Node.Scalar scalar && scalar.plain() instanceof String text) {
      return Optional.of(text);
    }
    return node.origin().typed() ? Optional.empty() : Optional.of(node.origin().written());
  }

  private static Optional<Number> number(Node node) {
    return node instanceof Node.Scalar scalar && scalar.plain() instanceof Number number
        ? Optional.of(number)
        : Optional.empty();
  }

  static Optional<Integer> whole(Node node, int min, int max) {
    return number(node)
        .filter(number -> number instanceof Integer || number instanceof Long)
        .filter(number -> number.longValue() >= min && number.longValue() <= max)
        .map(Number::intValue);
  }

  static Optional<Double> fraction(Node node, double min, double max) {
    return number(node)
        .map(Number::doubleValue)
        .filter(number -> Double.isFinite(number) && number >= min && number <= max);
  }

  static Optional<Boolean> truth(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return Optional.empty();
    }
    String word = scalar.plain().toString().toLowerCase(Locale.ROOT);
    return TRUE.contains(word)
        ? Optional.of(true)
        : FALSE.contains(word) ? Optional.of(false) : Optional.empty();
  }

  static Optional<Duration> duration(Node node) {
    return scalarText(node).flatMap(Quantities::duration);
  }

  static Optional<Long> size(Node node) {
    return scalarText(node).flatMap(Quantities::size);
  }

  private static Optional<String> scalarText(Node node) {
    return node instanceof Node.Scalar scalar && !(scalar.plain() instanceof Boolean)
        ? Optional.of(scalar.plain().toString())
        : Optional.empty();
  }

  static List<String> commaSeparated(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }

  static String spelled(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> Optional<E> named(List<E> values, String text) {
    String wanted = text.toLowerCase(Locale.ROOT).replace('-', '_');
    return values.stream().filter(value -> spelled(value).equals(wanted)).findFirst();
  }
}
