package dev.stoa.config;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Typed, read-only view of a merged configuration (or of one section of it) that collects what is
 * wrong instead of stopping at the first error: a getter that finds a wrong value notes a {@link
 * ConfigError} and answers its default. Paths are dotted and relative to this section. Not
 * thread-safe: for one validation run on one thread.
 */
public interface ConfigReader {

  /** Text; numbers and booleans are not text. */
  String string(String path, String defaultValue);

  /** Text, or empty where the key is absent. */
  Optional<String> string(String path);

  /** A whole number in {@code min..max}. */
  int integer(String path, int defaultValue, int min, int max);

  double decimal(String path, double defaultValue, double min, double max);

  /** {@code true/1/yes/on} or {@code false/0/no/off}, in any case. */
  boolean bool(String path, boolean defaultValue);

  /**
   * {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}; a bare number is seconds. Never
   * negative.
   */
  Duration duration(String path, Duration defaultValue);

  /** Bytes: {@code 512}, {@code 64kb}, {@code 10mb}, {@code 1gb} (powers of 1024). */
  long size(String path, long defaultValue);

  /** A list of texts; one text with commas counts as a list. */
  List<String> strings(String path, List<String> defaultValue);

  /** One of an enum's names, in lower case with underscores. */
  <E extends Enum<E>> E oneOf(String path, Class<E> type, E defaultValue);

  /** The mapping at {@code path}; an empty section where the key is absent. */
  ConfigReader section(String path);

  /** The mappings in the list at {@code path}; empty where the key is absent. */
  List<ConfigReader> sections(String path);

  boolean has(String path);

  /** The plain value: String, Number, Boolean, JsonObject, JsonArray; empty where absent. */
  Optional<Object> value(String path);

  /** The keys of this section. */
  Set<String> keys();

  /** Where this section stands in the whole: {@code routes[2]}; empty for the root. */
  String path();

  /**
   * Notes that the value at {@code path} is not what it should be; file, line and found value are
   * added.
   */
  void error(String path, String expected);

  /** The same of one item of the texts at {@code path}, which {@link #strings} has read. */
  void itemError(String path, int index, String expected);

  /** Notes something worth an operator's look that is no error. */
  void warn(String path, String message);

  /** Everything found wrong so far, anywhere in the whole configuration. */
  List<ConfigError> errors();

  /** Reads plain values, as tests do and whoever has them from elsewhere. */
  static ConfigReader of(JsonObject values) {
    Node.Mapping root = (Node.Mapping) Node.of(values);
    return new TreeReader(root, new Reads(), new Findings());
  }
}
