package dev.stoa.app;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a command line that starts the system and says nothing out of the ordinary: the options of
 * {@link Settings}, each once, with a value that cannot be mistaken. Of any other line it
 * understands nothing and leaves it, with its messages, to the library that knows all commands:
 * that is written in byte code so old that no archive of classes holds it, and takes a tenth of a
 * start.
 */
final class RunLine {
  private static final String RUN = "run";
  private static final String CLUSTER = "--cluster";
  private static final String SET = "--set";

  private RunLine() {}

  /** What the line asks for; nothing where it is not as plain as that. */
  static Optional<Settings> read(String... args) {
    List<String> line = List.of(args);
    Iterator<String> rest =
        line.subList(!line.isEmpty() && line.get(0).equals(RUN) ? 1 : 0, line.size()).iterator();
    Settings settings = new Settings();
    Set<String> seen = new HashSet<>();
    while (rest.hasNext()) {
      if (!takes(settings, seen, rest)) {
        return Optional.empty();
      }
    }
    return Optional.of(settings);
  }

  private static boolean takes(Settings settings, Set<String> seen, Iterator<String> rest) {
    String word = rest.next();
    int equals = word.indexOf('=');
    String option = equals < 0 ? word : word.substring(0, equals);
    if (!option.equals(SET) && !seen.add(option)) {
      return false;
    }
    if (word.equals(CLUSTER)) {
      return settings.take(CLUSTER, "true");
    }
    if (option.equals(CLUSTER) || equals < 0 && !rest.hasNext()) {
      return false;
    }
    String value = equals < 0 ? rest.next() : word.substring(equals + 1);
    return isPlain(value) && settings.take(option, value);
  }

  // Quotes and what begins like an option, or like a file of arguments, have a meaning elsewhere.
  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.charAt(0) != '-'
        && value.charAt(0) != '@'
        && value.indexOf('"') < 0
        && value.indexOf('\'') < 0;
  }
}
