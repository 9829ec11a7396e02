package dev.stoa.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which keys differ between two configurations; never their values. */
final class TreeDiff {
  private TreeDiff() {}

  static List<String> between(Node.Mapping before, Node.Mapping after) {
    Map<String, Object> old = leaves(before);
    Map<String, Object> now = leaves(after);
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(now.keySet());
    List<String> changed = new ArrayList<>(paths);
    changed.removeIf(path -> Objects.equals(old.get(path), now.get(path)));
    return changed;
  }

  private static Map<String, Object> leaves(Node.Mapping tree) {
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
}
