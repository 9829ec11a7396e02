package dev.stoa.gateway;

import dev.stoa.resilience.Guard;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.Resilience;

/**
 * The guard of a route, looked up and told its configuration when the first request comes. So a
 * reload reaches the guard with the first request that it holds for. Safe on any thread.
 */
final class RouteGuard {
  private final String upstream;
  private final GuardConfig config;
  private volatile Guard guard;

  RouteGuard(String upstream, GuardConfig config) {
    this.upstream = upstream;
    this.config = config;
  }

  Guard in(Resilience resilience) {
    Guard known = guard;
    if (known == null) {
      known = resilience.guard(upstream, config);
      known.configure(config);
      guard = known;
    }
    return known;
  }
}
