package dev.stoa.gateway;

import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.http.HttpMethod;

/**
 * Finds where a request goes: by the configured routes, else {@code /api/<service>/…} to any
 * service of the catalog.
 */
final class Router {
  private static final String GENERIC = "/api/";

  private final ServiceRegistry registry;

  Router(ServiceRegistry registry) {
    this.registry = registry;
  }

  /**
   * The destination.
   *
   * @throws ProblemException ROUTE_NOT_FOUND, SERVICE_NOT_FOUND or METHOD_NOT_ALLOWED
   */
  Destination find(Exchange exchange) {
    HttpMethod method = exchange.request().method();
    RequestPath path = exchange.path();
    RouteTable.Match match = exchange.config().routes().match(method, path.path());
    if (match instanceof RouteTable.Match.Found found) {
      return configured(path, found.route());
    }
    if (match instanceof RouteTable.Match.OtherMethods other) {
      throw Refusals.methodNotAllowed(other.allowed());
    }
    return generic(exchange, path);
  }

  private Destination configured(RequestPath path, RouteTable.Route route) {
    Target target = route.targets().next();
    String upstreamPath = target.basePath() + route.config().rewrite().apply(path.path());
    if (InternalPaths.ofBuiltIn(target, upstreamPath, registry.catalog())) {
      throw Refusals.noRoute();
    }
    return new Destination(
        route.config(), target, new RequestPath(upstreamPath, path.query()).target());
  }

  private Destination generic(Exchange exchange, RequestPath path) {
    if (!path.path().startsWith(GENERIC)) {
      throw Refusals.noRoute();
    }
    int end = path.path().indexOf('/', GENERIC.length());
    String service = path.path().substring(GENERIC.length(), end < 0 ? path.path().length() : end);
    String upstreamPath = end < 0 ? "/" : path.path().substring(end);
    ServiceCatalog catalog = registry.catalog();
    if (!catalog.knows(service) || InternalPaths.ofAny(upstreamPath)) {
      throw new ProblemException(
          ProblemType.SERVICE_NOT_FOUND, "No route and no service has this name.");
    }
    GatewayConfig config = exchange.config();
    RouteConfig route = RouteConfig.generic(service, config.limits().standard(), config.maxBody());
    return new Destination(
        route, route.targets().get(0), new RequestPath(upstreamPath, path.query()).target());
  }
}
