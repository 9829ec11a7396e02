package dev.stoa.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Finds in a YAML document what has no clear meaning: duplicate keys, keys that are not text,
 * nulls, foreign tags, and what YAML 1.1 reads as something else than it looks like (octal,
 * sexagesimal, dates). Notes where each value stands on the way.
 */
final class YamlCheck {
  /** Bounds what aliases of aliases can expand to. */
  private static final int MAX_VALUES = 100_000;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?");

  private static final Pattern BOOLEAN = Pattern.compile("(?i)true|false|yes|no|on|off");

  private final String file;
  private final Findings findings;
  private final Map<String, Origin> places = new HashMap<>();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;
  private boolean convertible = true;

  YamlCheck(String file, Findings findings) {
    this.file = file;
    this.findings = findings;
  }

  /** Where each path stands; empty if the document cannot be converted at all. */
  Optional<Map<String, Origin>> places(MappingNode root) {
    value("", root, root);
    return convertible ? Optional.of(places) : Optional.empty();
  }

  /** Checks {@code value} at {@code path}; the line of {@code anchor} stands for it. */
  private void value(String path, Node anchor, Node value) {
    if (!convertible || !enter(anchor, value)) {
      return;
    }
    if (value instanceof MappingNode mapping) {
      place(path, anchor, null);
      expectTag(path, anchor, value, Tag.MAP);
      mapping(path, mapping);
    } else if (value instanceof SequenceNode sequence) {
      place(path, anchor, null);
      expectTag(path, anchor, value, Tag.SEQ);
      List<Node> items = sequence.getValue();
      for (int i = 0; i < items.size(); i++) {
        value(Paths.item(path, i), items.get(i), items.get(i));
      }
    } else if (value instanceof ScalarNode scalar) {
      place(path, anchor, scalar.getValue());
      scalar(path, anchor, scalar);
    }
    open.remove(value);
  }

  private boolean enter(Node anchor, Node value) {
    convertible = ++values <= MAX_VALUES && open.add(value);
    if (!convertible) {
      String found = "aliases that expand to more, or that contain themselves";
      findings.unreadable(at(anchor), "at most " + MAX_VALUES + " values", found);
    }
    return convertible;
  }

  private void mapping(String path, MappingNode mapping) {
    // Merged keys first: a mapping's own keys win, wherever they stand.
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merged(path, tuple.getKeyNode(), tuple.getValueNode());
      }
    }
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        entry(path, tuple.getKeyNode(), tuple.getValueNode(), lines);
      }
    }
  }

  private void merged(String path, Node key, Node value) {
    if (!convertible || !enter(key, value)) {
      return;
    }
    if (value instanceof MappingNode mapping) {
      mapping(path, mapping);
    } else if (value instanceof SequenceNode sequence) {
      List<Node> items = sequence.getValue();
      for (int i = items.size(); i-- > 0; ) {
        merged(path, key, items.get(i));
      }
    } else {
      convertible = false;
      findings.unreadable(at(key), "an alias of a mapping after <<", "another value");
    }
    open.remove(value);
  }

  private void entry(String path, Node key, Node value, Map<String, Integer> lines) {
    if (!(key instanceof ScalarNode scalar)
        || !key.getTag().equals(Tag.STR)
        || scalar.getValue().isEmpty()) {
      String found = key instanceof ScalarNode s ? Shown.quoted(s.getValue()) : "a collection";
      findings.malformed(at(key), path, "keys that are text (in quotes)", found + " as a key");
      return;
    }
    String child = Paths.join(path, scalar.getValue());
    Integer first = lines.putIfAbsent(scalar.getValue(), at(key).line());
    if (first != null) {
      String found = "it again (first on line " + first + ")";
      findings.malformed(at(key), child, "each key once", found);
    }
    value(child, key, value);
  }

  private void scalar(String path, Node anchor, ScalarNode scalar) {
    Tag tag = scalar.getTag();
    boolean number = tag.equals(Tag.INT) || tag.equals(Tag.FLOAT);
    if (tag.equals(Tag.NULL)) {
      findings.malformed(at(anchor), path, "a value", "nothing (null)");
    } else if (number && !NUMBER.matcher(scalar.getValue()).matches()) {
      String expected = "a plain number, or text in quotes";
      findings.malformed(at(anchor), path, expected, shown(path, scalar));
    } else if (tag.equals(Tag.TIMESTAMP)) {
      findings.malformed(at(anchor), path, "text in quotes", shown(path, scalar) + " (a date)");
    } else if (!number && !tag.equals(Tag.STR) && !isBoolean(scalar)) {
      foreign(path, anchor);
    }
  }

  private static boolean isBoolean(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.BOOL) && BOOLEAN.matcher(scalar.getValue()).matches();
  }

  private void expectTag(String path, Node anchor, Node value, Tag tag) {
    if (!value.getTag().equals(tag)) {
      foreign(path, anchor);
    }
  }

  private void foreign(String path, Node anchor) {
    convertible = false;
    findings.malformed(at(anchor), path, "text, a number or a boolean", "a YAML tag");
  }

  private static String shown(String path, ScalarNode scalar) {
    return Secrets.mask(path, scalar.getValue());
  }

  private void place(String path, Node anchor, String written) {
    places.put(path, Origin.typed(file, at(anchor).line(), written));
  }

  private Origin at(Node node) {
    return Origin.typed(file, node.getStartMark().getLine() + 1, null);
  }
}
