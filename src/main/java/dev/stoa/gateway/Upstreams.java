package dev.stoa.gateway;

import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.Lease;
import dev.stoa.problem.ProblemException;
import dev.stoa.service.Identity;
import java.util.Optional;

/**
 * Turns a destination into the one server that gets the request: an instance where discovery knows
 * the target's name, else the target's own address.
 */
final class Upstreams {
  private final InstancePools pools;

  /** A server, how to talk to it, and where to tell how it went. */
  record Upstream(ProxyTarget target, Lease lease) {}

  Upstreams(InstancePools pools) {
    this.pools = pools;
  }

  /**
   * The server for the next attempt.
   *
   * @param tried the lease of the attempt before; empty at the first one
   * @throws dev.stoa.problem.ProblemException SERVICE_UNAVAILABLE where a service has no instance
   */
  Upstream choose(
      Exchange exchange,
      Destination destination,
      Optional<Identity> caller,
      RequestDeadline deadline,
      Optional<Lease> tried) {
    RouteTargets.Choice choice =
        destination
            .route()
            .targets()
            .pick(pools, source -> RequestKey.of(source, exchange, caller), tried)
            .orElseThrow(Upstreams::none);
    return new Upstream(
        target(exchange, destination, caller, deadline, choice.server()), choice.lease());
  }

  /** Nobody is there to take it. */
  static ProblemException none() {
    return Refusals.unavailable("No instance of the service is running.");
  }

  /** What would be sent there. */
  static ProxyTarget target(
      Exchange exchange, Decision.Forward forward, RequestDeadline deadline, Server server) {
    return target(exchange, forward.destination(), forward.caller(), deadline, server);
  }

  /** Whether another attempt would find an instance in good order that was not tried yet. */
  boolean hasFresh(Destination destination, Lease tried) {
    return destination.route().targets().hasFresh(pools, Optional.of(tried));
  }

  private static ProxyTarget target(
      Exchange exchange,
      Destination destination,
      Optional<Identity> caller,
      RequestDeadline deadline,
      Server server) {
    RouteConfig route = destination.config();
    return new ProxyTarget(
        server.address(),
        server.target().tls(),
        server.authority(),
        destination.uri(server.target()),
        route.timeouts(),
        route.maxBody(),
        exchange.trustedPeer(),
        UpstreamHeaders.of(exchange, route, caller, deadline.at()),
        deadline.binding(),
        exchange.body());
  }
}
