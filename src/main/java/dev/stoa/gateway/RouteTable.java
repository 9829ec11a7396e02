package dev.stoa.gateway;

import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstancePools;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All routes, compiled into a tree of path segments. The longest path wins; at the same length an
 * exact path wins over a prefix; among routes on one path the method decides. A method that the
 * longest path does not take is refused rather than offered to a shorter one, which may well ask
 * for less. Immutable; a look-up costs one step for each segment of the path.
 */
final class RouteTable {

  /** A route ready for use. */
  record Route(
      RouteConfig config, Optional<Allowance> allowance, RouteTargets targets, RouteGuard guard) {

    Route(RouteConfig config) {
      this(
          config,
          config
              .limit()
              .map(limit -> new Allowance(Throttle.scope(config.name()), config.policy(), limit)),
          new RouteTargets(config.name(), config.targets(), config.upstreams()),
          new RouteGuard(config.upstream(), hosts(config), config.resilience().guard()));
    }

    private static Set<String> hosts(RouteConfig config) {
      return config.targets().stream().map(Target::host).collect(Collectors.toSet());
    }
  }

  /** What a look-up finds. */
  sealed interface Match {
    record Found(Route route) implements Match {}

    /** The path is known, with other methods. */
    record OtherMethods(Set<HttpMethod> allowed) implements Match {}

    record Nothing() implements Match {}
  }

  private static final Match NOTHING = new Match.Nothing();

  private static final class Node {
    final Map<String, Node> children = new HashMap<>();

    /** Routes of the path that ends here, exact ones first. */
    final List<Route> here = new ArrayList<>();

    /** Routes of everything below. */
    final List<Route> below = new ArrayList<>();

    void add(Route route) {
      if (route.config().path().prefix()) {
        here.add(route);
        below.add(route);
      } else {
        here.add(here.size() - below.size(), route);
      }
    }
  }

  private final Node root = new Node();
  private final List<RouteConfig> routes;
  private final List<Route> compiled = new ArrayList<>();

  RouteTable(List<RouteConfig> routes) {
    this.routes = List.copyOf(routes);
    for (RouteConfig route : routes) {
      Node node = root;
      String path = route.path().path();
      for (int start = 1; start <= path.length(); start = end(path, start) + 1) {
        String segment = path.substring(start, end(path, start));
        node = node.children.computeIfAbsent(segment, s -> new Node());
      }
      Route ready = new Route(route);
      compiled.add(ready);
      node.add(ready);
    }
  }

  /** As configured, in that order. */
  List<RouteConfig> routes() {
    return routes;
  }

  /** The instances that routes want checked. */
  List<HealthChecks.Checked> checks(InstancePools pools) {
    return compiled.stream().flatMap(route -> route.targets().checks(pools).stream()).toList();
  }

  /**
   * Finds the route of a request.
   *
   * @param path as {@link RequestPath} spells it
   */
  Match match(HttpMethod method, String path) {
    Node node = root;
    List<Route> candidates = root.below;
    for (int start = 1; start <= path.length(); ) {
      int end = end(path, start);
      node = node.children.get(path.substring(start, end));
      if (node == null) {
        break;
      }
      List<Route> found = end == path.length() ? node.here : node.below;
      candidates = found.isEmpty() ? candidates : found;
      start = end + 1;
    }
    return decide(method, candidates);
  }

  private static Match decide(HttpMethod method, List<Route> candidates) {
    for (Route route : candidates) {
      if (route.config().takes(method)) {
        return new Match.Found(route);
      }
    }
    return candidates.isEmpty()
        ? NOTHING
        : new Match.OtherMethods(
            candidates.stream()
                .flatMap(route -> route.config().methods().stream())
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static int end(String path, int start) {
    int slash = path.indexOf('/', start);
    return slash < 0 ? path.length() : slash;
  }
}
