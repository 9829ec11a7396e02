package dev.stoa.gateway;

import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstancePools;
import dev.stoa.observability.AttemptMeter;
import dev.stoa.observability.RequestMeter;
import dev.stoa.resilience.Guard;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.Resilience;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** A route ready for use, with all that its requests need of it. Safe on any thread. */
  static final class Route {
    private final RouteConfig config;
    private final Allowance allowance; // null where nothing limits it
    private final RouteTargets targets;
    private volatile Guard guard;
    // Looked up with the first request: they are where a reload left them. Whoever does not see yet
    // what another thread has found looks up the same.
    private RequestMeter.Row requests;
    private AttemptMeter.Row attempts;

    Route(RouteConfig config, SharedServers servers) {
      this.config = config;
      this.allowance =
          config
              .limit()
              .map(limit -> new Allowance(Throttle.scope(config.name()), config.policy(), limit))
              .orElse(null);
      this.targets = new RouteTargets(config.name(), config.targets(), config.upstreams(), servers);
    }

    RouteConfig config() {
      return config;
    }

    /** Empty where nothing limits it. */
    Optional<Allowance> allowance() {
      return Optional.ofNullable(allowance);
    }

    RouteTargets targets() {
      return targets;
    }

    /** The guard, where a request has come already. */
    Optional<Guard> known(Resilience resilience) {
      return Optional.ofNullable(guard).or(() -> resilience.known(config.upstream()));
    }

    /**
     * The guard, looked up and told its configuration when the first request comes. So a reload
     * reaches it with the first request that it holds for.
     */
    Guard guard(Resilience resilience) {
      Guard found = guard;
      if (found == null) {
        GuardConfig own = config.resilience().guard();
        found = resilience.guard(config.upstream(), hosts(config), own);
        found.configure(own);
        guard = found;
      }
      return found;
    }

    /** Where its requests are counted. */
    RequestMeter.Row requests(RequestMeter meter) {
      RequestMeter.Row row = requests;
      if (row == null) {
        row = meter.row(config.name(), allowance == null ? null : allowance.row());
        requests = row;
      }
      return row;
    }

    /** Where attempts at its upstream are counted. */
    AttemptMeter.Row attempts(AttemptMeter meter) {
      AttemptMeter.Row row = attempts;
      if (row == null) {
        row = meter.row(config.upstream());
        attempts = row;
      }
      return row;
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

  private final RouteNode root = RouteNode.root();
  private final List<RouteConfig> routes;
  private final Set<String> upstreams;
  private final List<Route> compiled = new ArrayList<>();

  RouteTable(List<RouteConfig> routes) {
    this.routes = List.copyOf(routes);
    this.upstreams =
        routes.stream().map(RouteConfig::upstream).collect(Collectors.toUnmodifiableSet());
    SharedServers servers = new SharedServers();
    for (RouteConfig route : routes) {
      RouteNode node = root;
      String path = route.path().path();
      for (int start = 1; start <= path.length(); start = end(path, start) + 1) {
        node = node.childFor(path, start, end(path, start));
      }
      Route ready = new Route(route, servers);
      compiled.add(ready);
      node.add(ready);
    }
  }

  /** As configured, in that order. */
  List<RouteConfig> routes() {
    return routes;
  }

  /** Whether one of them has its guard under this name. */
  boolean leadTo(String upstream) {
    return upstreams.contains(upstream);
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
    RouteNode node = root;
    RouteNode longest = root;
    boolean whole = false; // whether the path ends at the longest
    for (int start = 1; start <= path.length() && !node.isLeaf(); ) {
      int end = end(path, start);
      node = node.child(path, start, end);
      if (node == null) {
        break;
      }
      boolean ends = end == path.length();
      if (node.first(ends) != null) {
        longest = node;
        whole = ends;
      }
      start = end + 1;
    }
    Route first = longest.first(whole);
    return first != null && first.config().takes(method)
        ? new Match.Found(first)
        : decide(method, longest.routes(whole));
  }

  private static Match decide(HttpMethod method, Route[] candidates) {
    for (Route route : candidates) {
      if (route.config().takes(method)) {
        return new Match.Found(route);
      }
    }
    return candidates.length == 0
        ? NOTHING
        : new Match.OtherMethods(
            Arrays.stream(candidates)
                .flatMap(route -> route.config().methods().stream())
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static int end(String path, int start) {
    int slash = path.indexOf('/', start);
    return slash < 0 ? path.length() : slash;
  }
}
