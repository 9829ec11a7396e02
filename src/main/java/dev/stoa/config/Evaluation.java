package dev.stoa.config;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a set of files, together with all other layers, amounts to; changes nothing. */
final class Evaluation<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  /**
   * The outcome for one set of files.
   *
   * @param value null if there are errors
   * @param checksum of what is in effect, see {@link ConfigStatus#checksum}
   */
  record Result<T>(
      FileSet files,
      Node.Mapping tree,
      T value,
      List<ConfigError> errors,
      List<ConfigWarning> warnings,
      String checksum) {

    boolean valid() {
      return errors.isEmpty();
    }
  }

  private final Vertx vertx;
  private final ConfigLayers layers;
  private final Function<ConfigReader, T> compose;
  private final Predicate<String> ofOneNode;

  /**
   * Evaluates with these layers.
   *
   * @param ofOneNode which keys each node has for itself
   */
  Evaluation(
      Vertx vertx,
      ConfigLayers layers,
      Function<ConfigReader, T> compose,
      Predicate<String> ofOneNode) {
    this.vertx = vertx;
    this.layers = layers;
    this.compose = compose;
    this.ofOneNode = ofOneNode;
  }

  /**
   * Reads and validates everything. For a worker thread.
   *
   * @param refusals what is known to be wrong with the files beforehand
   */
  Result<T> of(FileSet files, List<ConfigError> refusals) {
    Findings findings = new Findings();
    files.errors().forEach(findings::unreadable);
    refusals.forEach(findings::unreadable);
    Node.Mapping tree = layers.merge(vertx, files, readKeys(files), findings);
    Reads reads = new Reads();
    T value = compose(tree, reads, findings);
    List<ConfigError> errors = findings.errors();
    return new Result<>(
        files, tree, errors.isEmpty() ? value : null, errors, findings.warnings(), checksum(tree));
  }

  /** All layers over one another, whatever may be wrong with them. For a worker thread. */
  Node.Mapping tree(FileSet files) {
    return layers.merge(vertx, files, readKeys(files), new Findings());
  }

  private String checksum(Node.Mapping tree) {
    StringBuilder shared = new StringBuilder();
    TreeDiff.leaves(tree)
        .forEach(
            (path, value) -> {
              if (!ofOneNode.test(path)) {
                String type = value.getClass().getSimpleName();
                shared.append(path).append('\0').append(type).append(value).append('\0');
              }
            });
    return new FileSet(Map.of("effective", Buffer.buffer(shared.toString())), List.of())
        .shortDigest();
  }

  /**
   * The keys that the program asks for, so that an environment variable can be told which key it
   * means even if no file mentions it.
   */
  private Set<String> readKeys(FileSet files) {
    if (!layers.hasEnvironment()) {
      return Set.of();
    }
    Reads reads = new Reads();
    Findings ignored = new Findings();
    compose(layers.merge(vertx, files, Set.of(), ignored), reads, ignored);
    return reads.paths();
  }

  private T compose(Node.Mapping tree, Reads reads, Findings findings) {
    T value = null;
    try {
      value = compose.apply(new TreeReader(tree, reads, findings));
      reads.unread(tree).forEach(path -> unknown(path, tree, reads, findings));
    } catch (RuntimeException e) {
      // After an error the defaults in its place may not fit together; alone it is a bug of ours.
      LOG.debug("composing the configuration failed", e);
      if (findings.errors().isEmpty()) {
        String found = e.getClass().getSimpleName() + " at " + e.getStackTrace()[0];
        findings.unreadable(Origin.NOWHERE, "a configuration that fits together", found);
      }
    }
    if (value == null && findings.errors().isEmpty()) {
      findings.unreadable(Origin.NOWHERE, "a configuration", "nothing");
    }
    return value;
  }

  private static void unknown(String path, Node.Mapping tree, Reads reads, Findings findings) {
    String hint = reads.similar(path).map(key -> "; did you mean " + key + "?").orElse("");
    String origin = Node.find(tree, path).origin().toString();
    findings.warning(new ConfigWarning(origin, path, "unknown key" + hint));
  }
}
