package dev.stoa.gateway;

import dev.stoa.resilience.Guard;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.Resilience;
import java.util.Optional;
import java.util.Set;

/**
 * The guard of a route, looked up and told its configuration when the first request comes. So a
 * reload reaches the guard with the first request that it holds for. Safe on any thread.
 */
final class RouteGuard {
  private final String upstream;
  private final Set<String> services;
  private final GuardConfig config;
  private volatile Guard guard;

  /**
   * Not looked up yet.
   *
   * @param services those the route may lead to; a name that is an address does no harm
   */
  RouteGuard(String upstream, Set<String> services, GuardConfig config) {
    this.upstream = upstream;
    this.services = services;
    this.config = config;
  }

  /** The guard, where a request has come already. */
  Optional<Guard> known(Resilience resilience) {
    return Optional.ofNullable(guard).or(() -> resilience.known(upstream));
  }

  Guard in(Resilience resilience) {
    Guard known = guard;
    if (known == null) {
      known = resilience.guard(upstream, services, config);
      known.configure(config);
      guard = known;
    }
    return known;
  }
}
