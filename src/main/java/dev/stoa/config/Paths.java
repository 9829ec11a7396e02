package dev.stoa.config;

/** The spelling of dotted paths: {@code routes[2].rate_limit}. */
final class Paths {
  private Paths() {}

  static String join(String parent, String path) {
    return parent.isEmpty() || path.isEmpty() || path.startsWith("[")
        ? parent + path
        : parent + "." + path;
  }

  static String item(String parent, int index) {
    return parent + "[" + index + "]";
  }

  /** The last {@code .} or {@code [} before {@code end}, or -1. */
  static int lastBoundary(String path, int end) {
    return Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
  }

  /** The path of what contains {@code path}; the root's is empty. */
  static String parent(String path) {
    return path.substring(0, Math.max(0, lastBoundary(path, path.length())));
  }

  /** The last key of {@code path}, without list indexes. */
  static String lastKey(String path) {
    String keys = path.replaceAll("(\\[\\d+])+$", "");
    return keys.substring(keys.lastIndexOf('.') + 1);
  }
}
