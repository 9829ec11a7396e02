package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import java.util.Optional;

/**
 * What paths a route takes: one exactly, or, written {@code /api/users/*}, a path and everything
 * below it.
 *
 * @param path without the star and its slash; empty for {@code /*}
 */
record PathPattern(String path, boolean prefix) {

  /** Reads {@code /api/users/*}; empty where a star stands elsewhere or the path is no path. */
  static Optional<PathPattern> parse(String text) {
    boolean prefix = text.endsWith("/*");
    String path = prefix ? text.substring(0, text.length() - 2) : text;
    if (path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || prefix && path.endsWith("/")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PathPattern(path.isEmpty() && prefix ? "" : RequestPath.parse(path).path(), prefix));
    } catch (ProblemException e) {
      return Optional.empty();
    }
  }

  /** Whether a path is taken; the trie of {@link RouteTable} answers the same, faster. */
  boolean matches(String other) {
    return prefix ? isBelow(other, path) : other.equals(path);
  }

  /** Whether {@code path} is {@code prefix} itself or lies below it, counting whole segments. */
  static boolean isBelow(String path, String prefix) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }

  @Override
  public String toString() {
    return prefix ? path + "/*" : path;
  }
}
