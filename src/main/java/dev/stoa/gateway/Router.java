package dev.stoa.gateway;

import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.http.HttpMethod;

/**
 * Finds where a request goes: by the configured routes, else {@code /api/<service>/…} to any
 * service of the catalog.
 */
final class Router {
  private static final String GENERIC = "/api/";

  private final InstancePools pools;

  Router(InstancePools pools) {
    this.pools = pools;
  }

  /**
   * The destination.
   *
   * @throws ProblemException ROUTE_NOT_FOUND, SERVICE_NOT_FOUND or METHOD_NOT_ALLOWED
   */
  Destination find(Exchange exchange) {
    HttpMethod method = exchange.method();
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
    String rewritten = route.config().rewrite().apply(path.path());
    ServiceCatalog catalog = pools.catalog();
    for (Target target : route.config().targets()) {
      if (InternalPaths.ofBuiltIn(target, target.inside(rewritten), catalog)) {
        throw Refusals.noRoute();
      }
    }
    return new Destination(route, new RequestPath(rewritten, path.query()));
  }

  private Destination generic(Exchange exchange, RequestPath path) {
    if (!path.path().startsWith(GENERIC)) {
      throw Refusals.noRoute();
    }
    int end = path.path().indexOf('/', GENERIC.length());
    String service = path.path().substring(GENERIC.length(), end < 0 ? path.path().length() : end);
    String upstreamPath = end < 0 ? "/" : path.path().substring(end);
    ServiceCatalog catalog = pools.catalog();
    if (!catalog.knows(service) || InternalPaths.ofAny(upstreamPath)) {
      throw new ProblemException(
          ProblemType.SERVICE_NOT_FOUND, "No route and no service has this name.");
    }
    RouteTable.Route route = exchange.config().generic().of(service);
    return new Destination(route, new RequestPath(upstreamPath, path.query()));
  }
}
