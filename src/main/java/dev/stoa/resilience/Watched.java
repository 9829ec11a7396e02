package dev.stoa.resilience;

import java.util.Set;

/**
 * What a {@link Guard} stands before.
 *
 * @param node where: each node watches for itself
 * @param upstream what it is called
 * @param services whose instances it consists of, as far as discovery knows them
 */
record Watched(String node, String upstream, Set<String> services) {
  Watched {
    services = Set.copyOf(services);
  }
}
