package dev.stoa.config;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
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
 *   <li>a central store, if there is one
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
  private final Optional<ConfigStore> store;

  private ConfigLayers(
      Path directory,
      String profile,
      Buffer defaults,
      Map<String, String> environment,
      Map<String, String> properties,
      Map<String, String> commandLine,
      Optional<ConfigStore> store) {
    this.directory = directory;
    this.profile = profile;
    this.defaults = defaults;
    this.environment = environment;
    this.properties = properties;
    this.commandLine = commandLine;
    this.store = store;
  }

  /** The files in {@code directory}, none of which has to exist, and nothing else yet. */
  public static ConfigLayers in(Path directory, String profile) {
    if (!profile.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
      throw new IllegalArgumentException("a profile is made of letters, digits, - and _");
    }
    return new ConfigLayers(
        directory, profile, null, Map.of(), Map.of(), Map.of(), Optional.empty());
  }

  /** Built-in defaults: the class path resource of this absolute name, strict YAML. */
  public ConfigLayers defaults(String resource) {
    try (InputStream in = ConfigLayers.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      Buffer content = Buffer.buffer(in.readAllBytes());
      return new ConfigLayers(
          directory, profile, content, environment, properties, commandLine, store);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the resource " + resource, e);
    }
  }

  /** The process environment, of which {@code APP_*} is used. */
  public ConfigLayers environment(Map<String, String> variables) {
    return new ConfigLayers(
        directory, profile, defaults, Map.copyOf(variables), properties, commandLine, store);
  }

  /** System properties, of which {@code stoa.*} is used: {@code -Dstoa.database.host=db}. */
  public ConfigLayers systemProperties(Properties all) {
    Map<String, String> ours = new TreeMap<>();
    for (String name : all.stringPropertyNames()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        ours.put(name.substring(PROPERTY_PREFIX.length()), all.getProperty(name));
      }
    }
    return new ConfigLayers(directory, profile, defaults, environment, ours, commandLine, store);
  }

  /** Values of the command line by dotted key. */
  public ConfigLayers commandLine(Map<String, String> values) {
    return new ConfigLayers(
        directory, profile, defaults, environment, properties, Map.copyOf(values), store);
  }

  /** A central store, where the other layers say that it is used. */
  public ConfigLayers store(ConfigStore central) {
    return new ConfigLayers(
        directory, profile, defaults, environment, properties, commandLine, Optional.of(central));
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

  Optional<ConfigStore> store() {
    return store;
  }

  /** What the store says stands in a set of files under this name. */
  Optional<String> storeFile() {
    return store.map(there -> there.name() + ".json");
  }

  FileSet readFiles() {
    return FileSet.read(directory, fileNames());
  }

  boolean hasEnvironment() {
    return !new EnvironmentLayer(environment, Set.of()).isEmpty();
  }

  /** All layers over one another. Waits for the YAML processor: for a worker thread. */
  Node.Mapping merge(Vertx vertx, FileSet files, Set<String> readKeys, Findings findings) {
    YamlFile yaml = new YamlFile(vertx, findings);
    List<ConfigLayer> layers = new ArrayList<>();
    if (defaults != null) {
      layers.add((lower, any) -> yaml.read("", Origin.DEFAULTS, defaults));
    }
    layers.addAll(files(yaml, files));
    central(yaml, files, findings).ifPresent(layers::add);
    layers.addAll(ofProcess(readKeys));
    return merged(layers, findings);
  }

  /**
   * What is said on this machine: neither the defaults nor the store, to which it leads. For a
   * worker thread.
   *
   * @param readKeys some only, so that variables which mean others may seem to contradict each
   *     other: that is for {@link #merge} to find
   */
  Node.Mapping mergeLocal(Vertx vertx, FileSet files, Set<String> readKeys, Findings findings) {
    List<ConfigLayer> layers = new ArrayList<>(files(new YamlFile(vertx, findings), files));
    for (ConfigLayer layer : ofProcess(readKeys)) {
      layers.add((lower, any) -> layer.read(lower, new Findings()));
    }
    return merged(layers, findings);
  }

  private static Node.Mapping merged(List<ConfigLayer> layers, Findings findings) {
    Node.Mapping merged = Node.Mapping.EMPTY;
    for (ConfigLayer layer : layers) {
      Node.Mapping lower = merged;
      merged = layer.read(lower, findings).map(lower::mergedWith).orElse(lower);
    }
    return merged;
  }

  private List<ConfigLayer> files(YamlFile yaml, FileSet files) {
    List<ConfigLayer> layers = new ArrayList<>();
    for (String name : fileNames()) {
      Buffer content = files.contents().get(name);
      if (content != null) {
        String shown = directory.resolve(name).toString();
        layers.add((lower, findings) -> file(yaml, name, shown, content, findings));
      }
    }
    return layers;
  }

  private Optional<ConfigLayer> central(YamlFile yaml, FileSet files, Findings findings) {
    return store.flatMap(
        there ->
            storeFile()
                .map(files.contents()::get)
                .map(StoreContent::decode)
                .map(
                    said ->
                        new StoreLayer(
                            there,
                            fileNames(),
                            (name, shown, text) -> file(yaml, name, shown, text, findings),
                            said)));
  }

  private List<ConfigLayer> ofProcess(Set<String> readKeys) {
    List<ConfigLayer> layers = new ArrayList<>();
    layers.add(new EnvironmentLayer(environment, readKeys));
    layers.add(
        (lower, findings) ->
            Optional.of(Overrides.of("-D" + PROPERTY_PREFIX, properties, findings)));
    layers.add(
        (lower, findings) -> Optional.of(Overrides.of("command line ", commandLine, findings)));
    return layers;
  }

  private static Optional<Node.Mapping> file(
      YamlFile yaml, String name, String shown, Buffer content, Findings findings) {
    Optional<Node.Mapping> read =
        name.endsWith(".json")
            ? JsonFile.read(shown, content, findings)
            : yaml.read(name, shown, content);
    return read.map(root -> Overrides.undotted(root, findings));
  }
}
