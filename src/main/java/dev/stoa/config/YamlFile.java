package dev.stoa.config;

import io.vertx.config.yaml.YamlProcessor;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.StringReader;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * Reads one strict YAML file. {@link YamlProcessor} alone takes an empty or cut-off file for an
 * empty configuration and {@code 10:30} for 630, so the node graph is checked first (see {@link
 * YamlCheck}); then the processor converts the values, and each gets the line that the check saw.
 *
 * <p>For a worker thread: waits for the processor. Never answers the parser's own messages in full,
 * since they quote the text.
 */
final class YamlFile {
  private static final int MAX_DEPTH = 50;
  private static final long CONVERSION_SECONDS = 30;

  private final Vertx vertx;
  private final Findings findings;

  YamlFile(Vertx vertx, Findings findings) {
    this.vertx = vertx;
    this.findings = findings;
  }

  /**
   * The file's mapping; empty, and findings noted, where it has none.
   *
   * @param name the file's own name, by which a ConfigMap's entry is chosen
   * @param file the file as messages name it
   */
  Optional<Node.Mapping> read(String name, String file, Buffer content) {
    return document(file, content)
        .flatMap(
            root ->
                ConfigMapManifest.isOne(root)
                    ? new ConfigMapManifest(file, findings)
                        .entry(root, name)
                        .flatMap(entry -> mapping(entry.file(), entry.content()))
                    : mapping(file, content, root));
  }

  private Optional<Node.Mapping> mapping(String file, Buffer content) {
    return document(file, content).flatMap(root -> mapping(file, content, root));
  }

  private Optional<Node.Mapping> mapping(String file, Buffer content, MappingNode root) {
    Optional<Map<String, Origin>> places = new YamlCheck(file, findings).places(root);
    return places.flatMap(
        origins ->
            values(file, content).map(values -> (Node.Mapping) Node.of("", values, origins)));
  }

  /** The root of the only document. */
  private Optional<MappingNode> document(String file, Buffer content) {
    Optional<String> text = StrictText.decode(file, content, findings);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Iterator<org.yaml.snakeyaml.nodes.Node> documents =
          new Yaml(new SafeConstructor(options()))
              .composeAll(new StringReader(text.get()))
              .iterator();
      if (!documents.hasNext()) {
        return refuse(file, null, "a mapping", "nothing but space or comments");
      }
      org.yaml.snakeyaml.nodes.Node root = documents.next();
      if (documents.hasNext()) {
        Mark second = documents.next().getStartMark();
        return refuse(file, second, "one document", "a second document");
      }
      return root instanceof MappingNode mapping
          ? Optional.of(mapping)
          : refuse(file, root.getStartMark(), "a mapping", "another value");
    } catch (MarkedYAMLException e) {
      return refuse(file, e.getProblemMark(), "valid YAML", problem(e.getProblem()));
    } catch (YAMLException e) {
      return refuse(file, null, "valid YAML", "characters or nesting that YAML does not allow");
    }
  }

  private <R> Optional<R> refuse(String file, Mark mark, String expected, String found) {
    int line = mark == null ? 0 : mark.getLine() + 1;
    findings.unreadable(Origin.typed(file, line, null), expected, found);
    return Optional.empty();
  }

  /** The parser's words up to where they quote the text, which may be a secret. */
  private static String problem(String words) {
    return words == null
        ? "a syntax error"
        : words
            .replaceFirst("^found ", "")
            .replaceAll("(?s)(alias|handle|version|tag is not allowed).*", "$1");
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(FileSet.MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_DEPTH);
    options.setAllowRecursiveKeys(false);
    return options;
  }

  private Optional<JsonObject> values(String file, Buffer content) {
    try {
      return Optional.of(
          new YamlProcessor()
              .process(vertx, new JsonObject(), content)
              .toCompletionStage()
              .toCompletableFuture()
              .get(CONVERSION_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException | RejectedExecutionException e) {
      throw new IllegalStateException("Vert.x has no worker to convert " + file, e);
    } catch (ExecutionException e) {
      return refuse(file, null, "valid YAML", "values that cannot be converted");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the configuration", e);
    }
  }
}
