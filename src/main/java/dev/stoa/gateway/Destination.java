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
    String inside = target.inside(path.path());
    return path.query() == null ? inside : inside + '?' + path.query();
  }
}
