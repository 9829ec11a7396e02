package dev.stoa.config;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where configuration comes from, in a fixed order; later wins, mappings merge deeply, lists are
 * replaced:
 *
 * <ol>
 *   <li>built-in defaults, a YAML resource
 *   <li>{@code config.yaml}
 *   <li>{@code config.json}
 *   <li>{@code routes.yaml}
 *   <li>{@code config-<profile>.yaml}
 *   <li>environment variables {@code APP_*}
 *   <li>system properties {@code stoa.*}
 *   <li>the command line
 * </ol>
 *
 * Immutable: each method answers a changed copy. Nothing is read before it is needed.
 */
public final class ConfigLayers {
  private static final String PROPERTY_PREFIX = "stoa.";

  private final Path directory;
  private final String profile;
  private final Buffer defaults;
  private final Map<String, String> environment;
  private final Map<String, String> properties;
  private final Map<String, String> commandLine;

  private ConfigLayers(
      Path directory,
      String profile,
      Buffer defaults,
      Map<String, String> environment,
      Map<String, String> properties,
      Map<String, String> commandLine) {
    this.directory = directory;
    this.profile = profile;
    this.defaults = defaults;
    this.environment = environment;
    this.properties = properties;
    this.commandLine = commandLine;
  }

  /** The files in {@code directory}, none of which has to exist, and nothing else yet. */
  public static ConfigLayers in(Path directory, String profile) {
    if (!profile.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
      throw new IllegalArgumentException("a profile is made of letters, digits, - and _");
    }
    return new ConfigLayers(directory, profile, null, Map.of(), Map.of(), Map.of());
  }

  /** Built-in defaults: the class path resource of this absolute name, strict YAML. */
  public ConfigLayers defaults(String resource) {
    try (InputStream in = ConfigLayers.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      Buffer content = Buffer.buffer(in.readAllBytes());
      return new ConfigLayers(directory, profile, content, environment, properties, commandLine);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the resource " + resource, e);
    }
  }

  /** The process environment, of which {@code APP_*} is used. */
  public ConfigLayers environment(Map<String, String> variables) {
    return new ConfigLayers(
        directory, profile, defaults, Map.copyOf(variables), properties, commandLine);
  }

  /** System properties, of which {@code stoa.*} is used: {@code -Dstoa.database.host=db}. */
  public ConfigLayers systemProperties(Properties all) {
    Map<String, String> ours = new TreeMap<>();
    for (String name : all.stringPropertyNames()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        ours.put(name.substring(PROPERTY_PREFIX.length()), all.getProperty(name));
      }
    }
    return new ConfigLayers(directory, profile, defaults, environment, ours, commandLine);
  }

  /** Values of the command line by dotted key. */
  public ConfigLayers commandLine(Map<String, String> values) {
    return new ConfigLayers(
        directory, profile, defaults, environment, properties, Map.copyOf(values));
  }

  public Path directory() {
    return directory;
  }

  public String profile() {
    return profile;
  }

  List<String> fileNames() {
    return List.of("config.yaml", "config.json", "routes.yaml", "config-" + profile + ".yaml");
  }

  FileSet readFiles() {
    return FileSet.read(directory, fileNames());
  }

  boolean hasEnvironment() {
    return !new EnvironmentLayer(environment, Set.of()).isEmpty();
  }

  /** All layers over one another. Waits for the YAML processor: for a worker thread. */
  Node.Mapping merge(Vertx vertx, FileSet files, Set<String> readKeys, Findings findings) {
    Node.Mapping merged = Node.Mapping.EMPTY;
    for (ConfigLayer layer : stack(new YamlFile(vertx, findings), files, readKeys)) {
      Node.Mapping lower = merged;
      merged = layer.read(lower, findings).map(lower::mergedWith).orElse(lower);
    }
    return merged;
  }

  private List<ConfigLayer> stack(YamlFile yaml, FileSet files, Set<String> readKeys) {
    List<ConfigLayer> layers = new ArrayList<>();
    if (defaults != null) {
      layers.add((lower, findings) -> yaml.read("", Origin.DEFAULTS, defaults));
    }
    for (String name : fileNames()) {
      layers.add((lower, findings) -> file(yaml, files, name, findings));
    }
    // A remote store (Consul KV) belongs here: over the files, under what one process is told.
    layers.add(new EnvironmentLayer(environment, readKeys));
    layers.add((lower, findings) -> overrides("-D" + PROPERTY_PREFIX, properties, findings));
    layers.add((lower, findings) -> overrides("command line ", commandLine, findings));
    return layers;
  }

  private Optional<Node.Mapping> file(
      YamlFile yaml, FileSet files, String name, Findings findings) {
    Buffer content = files.contents().get(name);
    if (content == null) {
      return Optional.empty();
    }
    String file = directory.resolve(name).toString();
    Optional<Node.Mapping> read =
        name.endsWith(".json")
            ? JsonFile.read(file, content, findings)
            : yaml.read(name, file, content);
    return read.map(root -> undotted(root, findings));
  }

  /**
   * Keys are documented with dots, so the root of a file may have them; as mappings, for a later
   * layer to win over.
   */
  private static Node.Mapping undotted(Node.Mapping root, Findings findings) {
    Map<String, Node> plain = new LinkedHashMap<>(root.entries());
    Map<String, Node> dotted = new TreeMap<>(root.entries());
    plain.keySet().removeIf(key -> key.contains("."));
    dotted.keySet().removeAll(plain.keySet());
    Overrides merged = new Overrides(findings, new Node.Mapping(plain, root.origin()));
    dotted.forEach((key, node) -> merged.put(node.origin().toString(), key, node));
    return merged.mapping();
  }

  private static Optional<Node.Mapping> overrides(
      String source, Map<String, String> values, Findings findings) {
    Overrides overrides = new Overrides(findings);
    new TreeMap<>(values).forEach((path, text) -> overrides.put(source + path, path, text));
    return Optional.of(overrides.mapping());
  }
}
