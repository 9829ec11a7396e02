package dev.stoa.config;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing wrong with the configuration.
 *
 * @param file the layer it came from: {@code conf/routes.yaml:12}, {@code environment}, {@code
 *     command line}
 * @param path the dotted key: {@code routes[0].rate_limit}; empty where the whole file is meant
 * @param expected what should stand there
 * @param found what stands there, masked where the key is a secret's
 */
public record ConfigError(String file, String path, String expected, String found) {
  private static final Pattern LINE = Pattern.compile(":([0-9]{1,9})$");

  /** The layer without the line. */
  public String place() {
    return LINE.matcher(file).replaceFirst("");
  }

  /** The line within the layer, from 1; empty where there are no lines. */
  public OptionalInt line() {
    Matcher matcher = LINE.matcher(file);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** What is wrong, in words. */
  public String reason() {
    return "expected " + expected + ", found " + found;
  }

  @Override
  public String toString() {
    return file + ": " + (path.isEmpty() ? "" : path + ": ") + reason();
  }
}
