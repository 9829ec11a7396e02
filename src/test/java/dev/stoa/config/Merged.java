package dev.stoa.config;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;

/** All layers read as they are now, for tests that look at the result. */
record Merged(TreeReader reader, Findings findings, Node.Mapping tree) {

  static Merged of(Vertx vertx, ConfigLayers layers) {
    return of(vertx, layers, Set.of());
  }

  static Merged of(Vertx vertx, ConfigLayers layers, Set<String> readKeys) {
    Findings findings = new Findings();
    Node.Mapping tree = layers.merge(vertx, layers.readFiles(), readKeys, findings);
    return new Merged(new TreeReader(tree, new Reads(), findings), findings, tree);
  }

  List<String> errors() {
    return findings.errors().stream().map(ConfigError::toString).toList();
  }
}
