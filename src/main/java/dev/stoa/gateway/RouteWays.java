package dev.stoa.gateway;

import dev.stoa.apidocs.Way;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.gateway.RouteConfig.Auth;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The routes backwards: from an operation of a service to the paths at which clients reach it. What
 * it finds is put through the routes once more, so a way that does not lead there is none.
 */
final class RouteWays implements Way.Finder {
  private final GatewayConfig config;
  private final ServiceCatalog catalog;
  private final String service;
  private final List<RouteConfig> routes;

  RouteWays(GatewayConfig config, ServiceCatalog catalog, String service) {
    this.config = config;
    this.catalog = catalog;
    this.service = service;
    this.routes =
        config.routes().routes().stream()
            .filter(route -> route.targets().stream().anyMatch(this::isService))
            .toList();
  }

  @Override
  public List<Way> to(HttpMethod method, String path) {
    List<Way> ways = new ArrayList<>();
    for (RouteConfig route : routes) {
      route.targets().stream()
          .filter(this::isService)
          .findFirst()
          .flatMap(target -> through(route, target, method, path))
          .ifPresent(ways::add);
    }
    if (routes.isEmpty() && catalog.knows(service) && !InternalPaths.ofAny(path)) {
      RouteConfig generic = config.generic().of(service).config();
      String outside = generic.path().path() + path;
      if (config.routes().match(method, outside) instanceof RouteTable.Match.Nothing) {
        ways.add(way(generic, outside));
      }
    }
    return ways;
  }

  private Optional<Way> through(
      RouteConfig route, Target target, HttpMethod method, String servicePath) {
    if (InternalPaths.ofBuiltIn(target, servicePath, catalog)
        || !PathPattern.isBelow(servicePath, target.basePath())) {
      return Optional.empty();
    }
    String inside = servicePath.substring(target.basePath().length());
    return outside(route, inside)
        .filter(path -> route.path().matches(path))
        .filter(path -> route.rewrite().apply(path).equals(inside))
        .filter(path -> leadsTo(route, method, path))
        .findFirst()
        .map(path -> way(route, path));
  }

  /** The paths that may become this one on their way in. */
  private static Stream<String> outside(RouteConfig route, String inside) {
    PathRewrite rewrite = route.rewrite();
    String replaced =
        !rewrite.from().isEmpty() && PathPattern.isBelow(inside, rewrite.to())
            ? rewrite.from() + inside.substring(rewrite.to().length())
            : inside;
    return Stream.of(rewrite.strip() + replaced, replaced, rewrite.strip() + inside, inside);
  }

  private boolean leadsTo(RouteConfig route, HttpMethod method, String path) {
    return config.routes().match(method, path) instanceof RouteTable.Match.Found found
        && found.route().config() == route;
  }

  private boolean isService(Target target) {
    return target.host().equals(service);
  }

  private static Way way(RouteConfig route, String path) {
    return new Way(
        path,
        route.name(),
        route.auth() == Auth.REQUIRED,
        route.roles(),
        route.limit().isPresent());
  }
}
