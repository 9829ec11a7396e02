package dev.stoa.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which patterns lie within each other without holding each against each: by the paths above
 * a path, of which there are as many as it has segments. For one thread.
 *
 * @param <T> what patterns belong to
 */
final class Nesting<T> {

  private record Placed<T>(int place, T what) {}

  private final Map<String, List<Placed<T>>> prefixes = new HashMap<>();
  private final Map<String, List<Placed<T>>> below = new HashMap<>();
  private int count;

  void add(PathPattern pattern, T what) {
    Placed<T> placed = new Placed<>(count++, what);
    if (pattern.prefix()) {
      prefixes.computeIfAbsent(pattern.path(), path -> new ArrayList<>()).add(placed);
    }
    above(pattern.path())
        .forEach(path -> below.computeIfAbsent(path, p -> new ArrayList<>()).add(placed));
  }

  /**
   * Those that take what lies above the pattern and all below it, or what lies below the pattern if
   * that takes it, in the order in which they came; not those of the same path.
   */
  List<T> with(PathPattern pattern) {
    List<Placed<T>> found = new ArrayList<>();
    above(pattern.path()).forEach(path -> found.addAll(prefixes.getOrDefault(path, List.of())));
    if (pattern.prefix()) {
      found.addAll(below.getOrDefault(pattern.path(), List.of()));
    }
    found.sort(Comparator.comparingInt(Placed::place));
    return found.stream().map(Placed::what).toList();
  }

  /** All paths that this one lies below, in the sense of {@link PathPattern#isBelow}. */
  private static List<String> above(String path) {
    List<String> above = new ArrayList<>();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      above.add(path.substring(0, slash));
    }
    return above;
  }
}
