package dev.stoa.config;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one validation run has found wrong or odd so far, each finding once. For one thread. */
final class Findings {
  private final Set<ConfigError> errors = new LinkedHashSet<>();
  private final Set<ConfigWarning> warnings = new LinkedHashSet<>();
  private final Set<String> malformed = new HashSet<>();
  private boolean incomplete;

  /**
   * A file says something in a way that has no clear meaning, whatever its reader expects. What is
   * found must be safe to show.
   */
  void malformed(Origin origin, String path, String expected, String found) {
    if (!path.isEmpty()) {
      malformed.add(path);
    }
    errors.add(new ConfigError(origin.toString(), path, expected, found));
  }

  /** A file says nothing intelligible at all. */
  void unreadable(Origin origin, String expected, String found) {
    unreadable(new ConfigError(origin.toString(), "", expected, found));
  }

  void unreadable(ConfigError error) {
    incomplete = true;
    errors.add(error);
  }

  /** A value is not what its reader expects. */
  void unexpected(Node node, Origin nearest, String path, String expected) {
    boolean follows = malformed.contains(path) || node == null && incomplete;
    if (!follows) {
      Origin origin = node == null ? nearest : node.origin();
      errors.add(new ConfigError(origin.toString(), path, expected, Shown.of(path, node)));
    }
  }

  void error(ConfigError error) {
    errors.add(error);
  }

  void warning(ConfigWarning warning) {
    warnings.add(warning);
  }

  List<ConfigError> errors() {
    return List.copyOf(errors);
  }

  List<ConfigWarning> warnings() {
    return List.copyOf(warnings);
  }
}
