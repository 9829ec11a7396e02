package dev.stoa.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which paths of a configuration have been asked for in one validation run. For one thread. */
final class Reads {
  private final Set<String> asked = new HashSet<>();
  private final Set<String> whole = new HashSet<>();

  void asked(String path) {
    asked.add(path);
    for (String above = Paths.parent(path); !above.isEmpty() && asked.add(above); ) {
      above = Paths.parent(above);
    }
  }

  /** With everything below it. */
  void askedWhole(String path) {
    asked(path);
    whole.add(path);
  }

  Set<String> paths() {
    return Set.copyOf(asked);
  }

  /** The topmost paths that are there and nobody asked for, the built-in defaults' left out. */
  List<String> unread(Node.Mapping root) {
    List<String> unread = new ArrayList<>();
    collect("", root, unread);
    return unread;
  }

  private void collect(String path, Node node, List<String> unread) {
    if (whole.contains(path)) {
      return;
    }
    if (!path.isEmpty() && !asked.contains(path)) {
      if (!node.origin().source().equals(Origin.DEFAULTS)) {
        unread.add(path);
      }
    } else if (node instanceof Node.Mapping mapping) {
      mapping.entries().forEach((key, child) -> collect(Paths.join(path, key), child, unread));
    } else if (node instanceof Node.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        collect(Paths.item(path, i), sequence.items().get(i), unread);
      }
    }
  }

  /** The key asked for beside {@code path} that looks most like it, if any looks like it. */
  Optional<String> similar(String path) {
    String parent = Paths.parent(path);
    String key = Paths.lastKey(path);
    int close = Math.max(1, key.length() / 3);
    return asked.stream()
        .filter(other -> Paths.parent(other).equals(parent))
        .map(Paths::lastKey)
        .filter(other -> Spelling.distance(key, other) <= close)
        .min(
            Comparator.comparingInt((String other) -> Spelling.distance(key, other))
                .thenComparing(Comparator.naturalOrder()));
  }
}
