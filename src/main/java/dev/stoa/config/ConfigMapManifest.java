package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A Kubernetes ConfigMap as one would {@code kubectl apply} it: the configuration is the text of an
 * entry of its {@code data}. The rest of the manifest is Kubernetes' business and not checked.
 */
final class ConfigMapManifest {
  /** An entry's text, and how messages name it; their lines count from the entry's first. */
  record Entry(String file, Buffer content) {}

  private final String file;
  private final Findings findings;

  ConfigMapManifest(String file, Findings findings) {
    this.file = file;
    this.findings = findings;
  }

  static boolean isOne(MappingNode root) {
    return value(root, "apiVersion") != null
        && value(root, "kind") instanceof ScalarNode kind
        && kind.getValue().equals("ConfigMap");
  }

  /** The entry of this name, else the only one; empty, and findings noted, where there is none. */
  Optional<Entry> entry(MappingNode root, String name) {
    if (!(value(root, "data") instanceof MappingNode data)) {
      return refuse(root, "a ConfigMap with data", "none");
    }
    Map<String, ScalarNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : data.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key
          && tuple.getValueNode() instanceof ScalarNode text
          && entries.put(key.getValue(), text) != null) {
        return refuse(key, "each entry of data once", key.getValue() + " again");
      }
    }
    String chosen = entries.size() == 1 ? entries.keySet().iterator().next() : name;
    ScalarNode text = entries.get(chosen);
    return text == null
        ? refuse(data, "an entry " + name + " in data, or only one", "entries " + entries.keySet())
        : Optional.of(new Entry(file + "!" + chosen, Buffer.buffer(text.getValue())));
  }

  private Optional<Entry> refuse(Node node, String expected, String found) {
    int line = node.getStartMark().getLine() + 1;
    findings.unreadable(Origin.typed(file, line, null), expected, found);
    return Optional.empty();
  }

  private static Node value(MappingNode mapping, String key) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }
}
