package dev.stoa.config;

import io.vertx.core.Vertx;
import java.util.Optional;

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
    // So that an environment variable can be told which key it means.
    Reads reads = new Reads();
    store.place(new TreeReader(Node.Mapping.EMPTY, reads, new Findings()));
    Findings findings = new Findings();
    local.errors().forEach(findings::unreadable);
    Node.Mapping tree = layers.mergeLocal(vertx, local, reads.paths(), findings);
    Optional<ConfigStore.Place> said = store.place(new TreeReader(tree, new Reads(), findings));
    return findings.errors().isEmpty() ? Optional.of(said) : Optional.empty();
  }
}
