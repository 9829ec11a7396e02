package dev.stoa.gateway;

import dev.stoa.discovery.Balancer;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.service.Identity;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a destination into the one server that gets the request: an instance where discovery knows
 * the target's name, else what DNS says. One per verticle, for its event loop.
 */
final class Upstreams {
  private final ServiceRegistry registry;

  /**
   * One for each service, lest two services called in turn share a turn; bounded by the catalog.
   */
  private final Map<String, Balancer> balancers = new HashMap<>();

  Upstreams(ServiceRegistry registry) {
    this.registry = registry;
  }

  /**
   * The server and how to talk to it.
   *
   * @throws dev.stoa.problem.ProblemException SERVICE_UNAVAILABLE where a service has no instance
   */
  ProxyTarget choose(Exchange exchange, Destination destination, Optional<Identity> caller) {
    Target target = destination.target();
    RouteConfig route = destination.route();
    GatewayConfig config = exchange.config();
    Target server = resolve(target);
    return new ProxyTarget(
        SocketAddress.inetSocketAddress(server.port(), server.host()),
        server.tls(),
        server.authority(),
        destination.uri(),
        new ProxyTarget.Timeouts(
            config.connectTimeout(), route.timeout(), config.idleTimeout(), config.streamTimeout()),
        route.maxBody(),
        exchange.trustedPeer(),
        UpstreamHeaders.of(exchange, route, caller));
  }

  private Target resolve(Target target) {
    ServiceCatalog catalog = registry.catalog();
    if (!catalog.knows(target.host())) {
      return target;
    }
    ServiceInstance instance =
        balancers
            .computeIfAbsent(target.host(), name -> Balancer.roundRobin())
            .pick(catalog.instances(target.host()))
            .orElseThrow(() -> Refusals.unavailable("No instance of the service is running."));
    return new Target(target.tls(), instance.host(), instance.port(), target.basePath(), 1);
  }
}
