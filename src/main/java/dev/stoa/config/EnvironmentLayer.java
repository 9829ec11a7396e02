package dev.stoa.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Environment variables {@code APP_*}. The rule of names, after {@code APP_} is dropped and letters
 * are made small:
 *
 * <ol>
 *   <li>{@code _} separates keys and {@code __} is a literal underscore: {@code
 *       APP_RATE__LIMITING_DEFAULT__LIMIT} is {@code rate_limiting.default_limit}. If a key of that
 *       path is known, or none of rule 2 is, this is the path.
 *   <li>Otherwise a single {@code _} may also stand for a literal underscore or hyphen if that
 *       leads to exactly one known path: {@code APP_AUTH_JWT_SECRET} is {@code auth.jwt_secret}.
 *       Several such paths are an error that names them.
 * </ol>
 *
 * Known are the paths that a lower layer sets or that the program reads. {@code APP_PROFILE} is not
 * a key: it chooses the profile.
 */
final class EnvironmentLayer implements ConfigLayer {
  private static final String PREFIX = "APP_";

  private final Map<String, String> variables = new TreeMap<>();
  private final Set<String> readKeys;

  EnvironmentLayer(Map<String, String> environment, Set<String> readKeys) {
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !name.equals("APP_PROFILE")) {
            variables.put(name, value);
          }
        });
    this.readKeys = readKeys;
  }

  boolean isEmpty() {
    return variables.isEmpty();
  }

  @Override
  public Optional<Node.Mapping> read(Node.Mapping lower, Findings findings) {
    Map<String, Set<String>> known = known(lower);
    Map<String, String> names = new TreeMap<>();
    Overrides overrides = new Overrides(findings);
    for (String name : variables.keySet()) {
      String strict = strict(name);
      Set<String> candidates = candidates(strict, known);
      if (candidates.size() > 1) {
        String expected = "a name for one key (__ is a literal underscore)";
        findings.error(
            new ConfigError("environment " + name, "", expected, "any of " + candidates));
      } else {
        String path = candidates.isEmpty() ? strict : candidates.iterator().next();
        String first = names.putIfAbsent(path, name);
        if (first != null) {
          findings.error(
              new ConfigError(
                  "environment " + name, path, "one variable for this key", "also " + first));
        }
      }
    }
    names.forEach((path, name) -> overrides.put("environment " + name, path, variables.get(name)));
    return Optional.of(overrides.mapping());
  }

  private static String strict(String name) {
    return name.substring(PREFIX.length())
        .toLowerCase(Locale.ROOT)
        .replace("__", "\0")
        .replace('_', '.')
        .replace('\0', '_');
  }

  /** All known paths by how they look when every separator is the same. */
  private Map<String, Set<String>> known(Node.Mapping lower) {
    Map<String, Set<String>> known = new TreeMap<>();
    Set<String> paths = new TreeSet<>(readKeys);
    lower.visit("", (path, node) -> paths.add(path));
    for (String path : paths) {
      if (!path.contains("[")) {
        known.computeIfAbsent(flat(path), any -> new TreeSet<>()).add(path);
      }
    }
    return known;
  }

  private static String flat(String path) {
    return path.toLowerCase(Locale.ROOT).replaceAll("[._-]", "_");
  }

  private static Set<String> candidates(String strict, Map<String, Set<String>> known) {
    Set<String> alike = new TreeSet<>(known.getOrDefault(flat(strict), Set.of()));
    if (alike.contains(strict)) {
      return Set.of(strict);
    }
    alike.removeIf(path -> !keepsLiterals(strict, path));
    return alike;
  }

  /** Whether {@code path} has an underscore or hyphen wherever {@code __} asks for one. */
  private static boolean keepsLiterals(String strict, String path) {
    for (int i = 0; i < strict.length(); i++) {
      if (strict.charAt(i) == '_' && path.charAt(i) == '.') {
        return false;
      }
    }
    return true;
  }
}
