package dev.stoa.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why a route was found for a request, and why the others were not: those that came close first.
 */
final class RouteReasons {
  private static final int MAX_OTHERS = 100;

  private final HttpMethod method;
  private final String path;
  private final Optional<RouteConfig> won;

  /**
   * For one request.
   *
   * @param won the route that was found, if one was
   */
  RouteReasons(HttpMethod method, String path, Optional<RouteConfig> won) {
    this.method = method;
    this.path = path;
    this.won = won;
  }

  String ofWinner() {
    RouteConfig route = won.orElseThrow();
    if (route.name().startsWith(RouteConfig.GENERIC)) {
      return "no route is configured for this path, and discovery knows the service";
    }
    return route.path().prefix() ? "the longest path that covers this one" : "exactly this path";
  }

  JsonArray ofOthers(List<RouteConfig> routes) {
    List<RouteConfig> near = new ArrayList<>();
    List<RouteConfig> far = new ArrayList<>();
    for (RouteConfig route : routes) {
      if (!won.filter(route::equals).isPresent()) {
        (route.path().matches(path) ? near : far).add(route);
      }
    }
    near.addAll(far);
    JsonArray others = new JsonArray();
    near.stream()
        .limit(MAX_OTHERS)
        .forEach(
            route ->
                others.add(
                    new JsonObject()
                        .put("route", route.name())
                        .put("path", route.path().toString())
                        .put("reason", reason(route, routes))));
    return others;
  }

  private String reason(RouteConfig route, List<RouteConfig> routes) {
    if (!route.path().matches(path)) {
      return "does not cover this path";
    }
    RouteConfig longest = won.orElseGet(() -> longest(routes));
    if (longest.path().path().length() > route.path().path().length()) {
      return "a longer path decides: " + longest.path();
    }
    return route.takes(method)
        ? "covers more than this path; an exact one decides: " + longest.path()
        : "takes " + Methods.names(route.methods()) + ", not " + Methods.name(method);
  }

  private RouteConfig longest(List<RouteConfig> routes) {
    RouteConfig longest = null;
    for (RouteConfig route : routes) {
      boolean longer =
          longest == null || route.path().path().length() > longest.path().path().length();
      longest = route.path().matches(path) && longer ? route : longest;
    }
    return longest;
  }
}
