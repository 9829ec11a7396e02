package dev.stoa.gateway;

/**
 * What was found for a request.
 *
 * @param path as the upstream shall see it, below the base path of its target
 */
record Destination(RouteTable.Route route, RequestPath path) {

  RouteConfig config() {
    return route.config();
  }

  /** Path and query for an upstream under this target. */
  String uri(Target target) {
    return new RequestPath(target.inside(path.path()), path.query()).target();
  }
}
