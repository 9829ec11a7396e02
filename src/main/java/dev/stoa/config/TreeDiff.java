package dev.stoa.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which keys differ between two configurations. */
final class TreeDiff {
  private static final int MAX_SHOWN = 200;

  private TreeDiff() {}

  /** In the order of their paths; secrets differ, too, and are masked. */
  static List<ConfigChange> between(Node.Mapping before, Node.Mapping after) {
    Map<String, Object> old = leaves(before);
    Map<String, Object> now = leaves(after);
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(now.keySet());
    List<ConfigChange> changes = new ArrayList<>();
    for (String path : paths) {
      if (!Objects.equals(old.get(path), now.get(path))) {
        changes.add(new ConfigChange(path, shown(path, old.get(path)), shown(path, now.get(path))));
      }
    }
    return changes;
  }

  /** Every value that contains no other, by its path. */
  static Map<String, Object> leaves(Node.Mapping tree) {
    Map<String, Object> leaves = new TreeMap<>();
    tree.visit(
        "",
        (path, node) -> {
          if (node instanceof Node.Scalar || node.isEmpty()) {
            leaves.put(path, node.plain());
          }
        });
    return leaves;
  }

  private static Optional<Object> shown(String path, Object value) {
    Object masked = value == null ? null : Secrets.maskValue(path, value);
    return masked instanceof String text && text.length() > MAX_SHOWN
        ? Optional.of(text.substring(0, MAX_SHOWN) + "…")
        : Optional.ofNullable(masked);
  }
}
