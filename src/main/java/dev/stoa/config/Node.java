package dev.stoa.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A configuration value together with where it was defined; immutable. */
sealed interface Node {

  Origin origin();

  /** As {@link JsonObject}, {@link JsonArray}, String, Number or Boolean. */
  Object plain();

  /** Whether this is a mapping or a list of nothing. */
  default boolean isEmpty() {
    return this instanceof Mapping mapping && mapping.entries.isEmpty()
        || this instanceof Sequence sequence && sequence.items.isEmpty();
  }

  record Mapping(Map<String, Node> entries, Origin origin) implements Node {
    static final Mapping EMPTY = new Mapping(Map.of(), Origin.NOWHERE);

    @Override
    public JsonObject plain() {
      JsonObject object = new JsonObject();
      entries.forEach((key, node) -> object.put(key, node.plain()));
      return object;
    }

    /** These entries with {@code upper} laid over them: mappings merge, all else is replaced. */
    Mapping mergedWith(Mapping upper) {
      Map<String, Node> merged = new LinkedHashMap<>(entries);
      upper.entries.forEach((key, node) -> merged.merge(key, node, Mapping::lay));
      return new Mapping(merged, upper.origin);
    }

    private static Node lay(Node lower, Node upper) {
      return lower instanceof Mapping l && upper instanceof Mapping u ? l.mergedWith(u) : upper;
    }
  }

  record Sequence(List<Node> items, Origin origin) implements Node {
    @Override
    public JsonArray plain() {
      JsonArray array = new JsonArray();
      items.forEach(node -> array.add(node.plain()));
      return array;
    }
  }

  record Scalar(Object plain, Origin origin) implements Node {}

  /** A node for a JsonObject, Map, JsonArray, List or scalar, from nowhere in particular. */
  static Node of(Object value) {
    return of("", value, Map.of());
  }

  /** The same with the origins of all paths. Neither null nor other types: their text stands in. */
  static Node of(String path, Object value, Map<String, Origin> origins) {
    Origin origin = origins.getOrDefault(path, Origin.NOWHERE);
    if (value instanceof JsonObject object) {
      return of(path, object.getMap(), origins);
    }
    if (value instanceof JsonArray array) {
      return of(path, array.getList(), origins);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Node> entries = new LinkedHashMap<>();
      map.forEach(
          (key, child) -> {
            String name = key.toString();
            entries.put(name, of(Paths.join(path, name), child, origins));
          });
      return new Mapping(entries, origin);
    }
    if (value instanceof List<?> list) {
      List<Node> items = new ArrayList<>();
      list.forEach(item -> items.add(of(Paths.item(path, items.size()), item, origins)));
      return new Sequence(items, origin);
    }
    boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
    return new Scalar(scalar ? value : String.valueOf(value), origin);
  }

  /**
   * The node at a dotted path with {@code [i]} for list items, or null. Where a key contains dots
   * itself, the longest key that leads to a node wins.
   */
  static Node find(Node node, String path) {
    if (path.isEmpty()) {
      return node;
    }
    if (node instanceof Sequence sequence && path.startsWith("[")) {
      int close = path.indexOf(']');
      int index = Integer.parseInt(path.substring(1, close));
      return index < sequence.items.size()
          ? find(sequence.items.get(index), withoutDot(path.substring(close + 1)))
          : null;
    }
    if (node instanceof Mapping mapping) {
      for (int end = path.length(); end > 0; end = Paths.lastBoundary(path, end)) {
        Node child = mapping.entries.get(path.substring(0, end));
        Node found = child == null ? null : find(child, withoutDot(path.substring(end)));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static String withoutDot(String rest) {
    return rest.startsWith(".") ? rest.substring(1) : rest;
  }

  /** Calls {@code visitor} with the path and node of each node below this one, parents first. */
  default void visit(String path, BiConsumer<String, Node> visitor) {
    if (this instanceof Mapping mapping) {
      mapping.entries.forEach((key, node) -> node.enter(Paths.join(path, key), visitor));
    } else if (this instanceof Sequence sequence) {
      for (int i = 0; i < sequence.items.size(); i++) {
        sequence.items.get(i).enter(Paths.item(path, i), visitor);
      }
    }
  }

  private void enter(String path, BiConsumer<String, Node> visitor) {
    visitor.accept(path, this);
    visit(path, visitor);
  }
}
