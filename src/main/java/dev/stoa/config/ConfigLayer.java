package dev.stoa.config;

import java.util.Optional;

/** One source of configuration. Later layers win over earlier ones. For a worker thread. */
@FunctionalInterface
interface ConfigLayer {
  /**
   * What this layer says; empty where it says nothing, or, with findings noted, nothing that can be
   * understood.
   *
   * @param lower what the layers below say together
   */
  Optional<Node.Mapping> read(Node.Mapping lower, Findings findings);
}
