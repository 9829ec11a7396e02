package dev.stoa.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Collects single values with dotted paths into one layer's mapping. */
final class Overrides {
  private final Findings findings;
  private Node.Mapping root;

  Overrides(Findings findings) {
    this(findings, Node.Mapping.EMPTY);
  }

  /** They come on top of {@code root}, of the same layer. */
  private Overrides(Findings findings, Node.Mapping root) {
    this.findings = findings;
    this.root = root;
  }

  /**
   * These values by dotted path.
   *
   * @param source where they stand, but for the path
   */
  static Node.Mapping of(String source, Map<String, String> values, Findings findings) {
    Overrides overrides = new Overrides(findings);
    new TreeMap<>(values).forEach((path, text) -> overrides.put(source + path, path, text));
    return overrides.mapping();
  }

  /**
   * Keys are documented with dots, so the root of a file may have them; as mappings, for a later
   * layer to win over.
   */
  static Node.Mapping undotted(Node.Mapping root, Findings findings) {
    Map<String, Node> plain = new LinkedHashMap<>(root.entries());
    Map<String, Node> dotted = new TreeMap<>(root.entries());
    plain.keySet().removeIf(key -> key.contains("."));
    dotted.keySet().removeAll(plain.keySet());
    Overrides merged = new Overrides(findings, new Node.Mapping(plain, root.origin()));
    dotted.forEach((key, node) -> merged.put(node.origin().toString(), key, node));
    return merged.mapping();
  }

  /** Puts the value that {@code text} stands for. */
  void put(String source, String path, String text) {
    put(source, path, LooseValue.parse(source, text));
  }

  /**
   * Puts a value. Two values for one path, or a value below another one that is no mapping,
   * contradict each other and are noted. Shorter paths come first.
   */
  void put(String source, String path, Node value) {
    Node obstacle = obstacle(path);
    if (obstacle instanceof Node.Mapping && value instanceof Node.Mapping) {
      obstacle = null;
    }
    if (path.isEmpty() || path.startsWith(".") || path.endsWith(".") || path.contains("..")) {
      findings.error(new ConfigError(source, path, "a dotted key", "empty parts in it"));
    } else if (path.contains("[")) {
      findings.error(new ConfigError(source, path, "a key; lists are replaced whole", "an index"));
    } else if (obstacle != null) {
      String found = "another in " + obstacle.origin();
      findings.error(new ConfigError(source, path, "one value for this key", found));
    } else {
      root = root.mergedWith(branch(source, path, value));
    }
  }

  Node.Mapping mapping() {
    return root;
  }

  private Node obstacle(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      Node above = Node.find(root, path.substring(0, dot));
      if (above != null && !(above instanceof Node.Mapping)) {
        return above;
      }
    }
    return Node.find(root, path);
  }

  private static Node.Mapping branch(String source, String path, Node value) {
    Origin origin = Origin.typed(source, 0, null);
    String[] keys = path.split("\\.");
    Node branch = value;
    for (int i = keys.length; i-- > 0; ) {
      branch = new Node.Mapping(Map.of(keys[i], branch), origin);
    }
    return (Node.Mapping) branch;
  }
}
