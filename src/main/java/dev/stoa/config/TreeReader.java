package dev.stoa.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a merged configuration, or the section of it at a path. */
final class TreeReader implements ConfigReader {
  private final Node.Mapping root;
  private final String section;
  private final Reads reads;
  private final Findings findings;

  TreeReader(Node.Mapping root, Reads reads, Findings findings) {
    this(root, "", reads, findings);
  }

  private TreeReader(Node.Mapping root, String section, Reads reads, Findings findings) {
    this.root = root;
    this.section = section;
    this.reads = reads;
    this.findings = findings;
  }

  @Override
  public String string(String path, String defaultValue) {
    return string(path).orElse(defaultValue);
  }

  @Override
  public Optional<String> string(String path) {
    return read(path, "text", Scalars::text);
  }

  @Override
  public int integer(String path, int defaultValue, int min, int max) {
    String expected = "a whole number from " + min + " to " + max;
    return read(path, expected, node -> Scalars.whole(node, min, max)).orElse(defaultValue);
  }

  @Override
  public double decimal(String path, double defaultValue, double min, double max) {
    String expected = "a number from " + min + " to " + max;
    return read(path, expected, node -> Scalars.fraction(node, min, max)).orElse(defaultValue);
  }

  @Override
  public boolean bool(String path, boolean defaultValue) {
    return read(path, "true or false", Scalars::truth).orElse(defaultValue);
  }

  @Override
  public Duration duration(String path, Duration defaultValue) {
    return read(path, "a duration such as 250ms, 30s, 5m, 1h or 1d", Scalars::duration)
        .orElse(defaultValue);
  }

  @Override
  public long size(String path, long defaultValue) {
    return read(path, "a size such as 512, 64kb, 10mb or 1gb", Scalars::size).orElse(defaultValue);
  }

  @Override
  public List<String> strings(String path, List<String> defaultValue) {
    Node node = find(path);
    reads.askedWhole(absolute(path));
    if (node == null) {
      return defaultValue;
    }
    if (!(node instanceof Node.Sequence sequence)) {
      return Scalars.text(node)
          .map(Scalars::commaSeparated)
          .orElseGet(
              () -> {
                error(path, "a list of texts");
                return defaultValue;
              });
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Optional<String> text = Scalars.text(sequence.items().get(i));
      text.ifPresent(texts::add);
      if (text.isEmpty()) {
        error(Paths.item(path, i), "text");
      }
    }
    return texts.size() == sequence.items().size() ? List.copyOf(texts) : defaultValue;
  }

  @Override
  public <E extends Enum<E>> E oneOf(String path, Class<E> type, E defaultValue) {
    List<E> values = List.of(type.getEnumConstants());
    String expected =
        values.stream().map(Scalars::spelled).collect(Collectors.joining(", ", "one of ", ""));
    return read(
            path, expected, node -> Scalars.text(node).flatMap(text -> Scalars.named(values, text)))
        .orElse(defaultValue);
  }

  @Override
  public ConfigReader section(String path) {
    reads.asked(absolute(path));
    Node node = find(path);
    if (node != null && !(node instanceof Node.Mapping)) {
      reads.askedWhole(absolute(path));
      error(path, "a mapping");
    }
    return new TreeReader(root, absolute(path), reads, findings);
  }

  @Override
  public List<ConfigReader> sections(String path) {
    reads.asked(absolute(path));
    Node node = find(path);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof Node.Sequence sequence)) {
      reads.askedWhole(absolute(path));
      error(path, "a list of mappings");
      return List.of();
    }
    List<ConfigReader> sections = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      sections.add(section(Paths.item(path, i)));
    }
    return List.copyOf(sections);
  }

  @Override
  public boolean has(String path) {
    reads.asked(absolute(path));
    return find(path) != null;
  }

  @Override
  public Optional<Object> value(String path) {
    reads.askedWhole(absolute(path));
    return Optional.ofNullable(find(path)).map(Node::plain);
  }

  @Override
  public Set<String> keys() {
    return find("") instanceof Node.Mapping mapping
        ? Collections.unmodifiableSet(mapping.entries().keySet())
        : Set.of();
  }

  @Override
  public String path() {
    return section;
  }

  @Override
  public void error(String path, String expected) {
    String absolute = absolute(path);
    findings.unexpected(find(path), nearest(absolute), absolute, expected);
  }

  @Override
  public void itemError(String path, int index, String expected) {
    boolean listed = find(path) instanceof Node.Sequence;
    error(listed ? Paths.item(path, index) : path, expected);
  }

  @Override
  public void warn(String path, String message) {
    Node node = find(path);
    Origin origin = node == null ? nearest(absolute(path)) : node.origin();
    findings.warning(new ConfigWarning(origin.toString(), absolute(path), message));
  }

  @Override
  public List<ConfigError> errors() {
    return findings.errors();
  }

  private String absolute(String path) {
    return Paths.join(section, path);
  }

  private Node find(String path) {
    return Node.find(root, absolute(path));
  }

  /** Where the closest existing container of an absent path stands. */
  private Origin nearest(String absolute) {
    for (String above = Paths.parent(absolute); !above.isEmpty(); above = Paths.parent(above)) {
      Node node = Node.find(root, above);
      if (node != null) {
        return node.origin();
      }
    }
    return Origin.NOWHERE;
  }

  private <R> Optional<R> read(String path, String expected, Function<Node, Optional<R>> parse) {
    reads.askedWhole(absolute(path));
    Node node = find(path);
    if (node == null) {
      return Optional.empty();
    }
    Optional<R> value = parse.apply(node);
    if (value.isEmpty()) {
      error(path, expected);
    }
    return value;
  }
}
