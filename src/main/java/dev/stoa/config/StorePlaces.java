package dev.stoa.config;

import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.Set;

/** Where files say that the central store is. For a worker thread. */
final class StorePlaces {
  private final Vertx vertx;
  private final ConfigLayers layers;

  StorePlaces(Vertx vertx, ConfigLayers layers) {
    this.vertx = vertx;
    this.layers = layers;
  }

  /** What they say, which may be that none is used; empty where they cannot be understood. */
  Optional<Optional<ConfigStore.Place>> in(FileSet local) {
    if (layers.store().isEmpty()) {
      return Optional.of(Optional.empty());
    }
    ConfigStore store = layers.store().get();
    Findings findings = new Findings();
    local.errors().forEach(findings::unreadable);
    Node.Mapping tree = layers.mergeLocal(vertx, local, readKeys(store, local), findings);
    Optional<ConfigStore.Place> said = store.place(new TreeReader(tree, new Reads(), findings));
    return findings.errors().isEmpty() ? Optional.of(said) : Optional.empty();
  }

  /**
   * The keys that are asked for, some of them only since others are there, so that an environment
   * variable can be told which one it means.
   */
  private Set<String> readKeys(ConfigStore store, FileSet local) {
    if (!layers.hasEnvironment()) {
      return Set.of();
    }
    Reads reads = new Reads();
    Findings ignored = new Findings();
    Node.Mapping tree = layers.mergeLocal(vertx, local, Set.of(), ignored);
    store.place(new TreeReader(tree, reads, ignored));
    return reads.paths();
  }
}
