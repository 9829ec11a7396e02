package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Looks at the routes as a whole: refuses what contradicts itself and warns of what is most likely
 * not meant.
 */
final class RouteLint {
  private static final String LOCAL = "local";

  private final Set<String> services;

  /** Whether there are no others than these: a registry may know any. */
  private final boolean complete;

  private final Nesting<RouteConfig> before = new Nesting<>();
  private final Set<String> names = new HashSet<>();
  private final Map<PathPattern, List<RouteConfig>> byPath = new HashMap<>();

  RouteLint(ConfigReader root) {
    this.services = new HashSet<>(InternalPaths.BUILT_IN);
    this.services.addAll(root.section("services").keys());
    for (String listed : root.section("discovery.static.services").keys()) {
      this.services.add(listed.toLowerCase(Locale.ROOT));
    }
    List<String> registries = root.strings("discovery.type", List.of(LOCAL));
    this.complete =
        registries.stream().allMatch(type -> type.equals(LOCAL) || type.equals("static"));
  }

  /**
   * Holds one more route against those before it.
   *
   * @param at where findings are noted
   * @return whether the route can be used
   */
  boolean accepts(ConfigReader at, RouteConfig route) {
    boolean distinct = isDistinct(at, route);
    if (OwnEndpoints.PATHS.contains(route.path().toString())) {
      at.warn("path", "is never reached: the gateway answers this path itself");
    }
    for (Target target : route.targets()) {
      if (complete
          && target.host().matches("[a-z][a-z0-9_-]*")
          && !target.host().equals("localhost")
          && !services.contains(target.host())) {
        at.warn("target", target.host() + " is no service of this configuration; left to DNS");
      }
    }
    before.with(route.path()).forEach(other -> warnOfShadow(at, route, other));
    before.add(route.path(), route);
    byPath.get(route.path()).add(route);
    return distinct;
  }

  private boolean isDistinct(ConfigReader at, RouteConfig route) {
    List<RouteConfig> others = byPath.computeIfAbsent(route.path(), path -> new ArrayList<>());
    if (!names.add(route.name())) {
      at.error("name", "a name of its own for each route");
      return false;
    }
    for (RouteConfig other : others) {
      if (overlap(other, route)) {
        at.error("methods", "methods that route " + other.name() + " of the same path leaves over");
        return false;
      }
    }
    return true;
  }

  private static boolean overlap(RouteConfig a, RouteConfig b) {
    return Methods.KNOWN.stream().anyMatch(method -> a.takes(method) && b.takes(method));
  }

  /**
   * Of two that lie within each other; the longest path wins even where it does not take the
   * method.
   */
  private static void warnOfShadow(ConfigReader at, RouteConfig one, RouteConfig other) {
    boolean oneIsLonger = one.path().path().length() > other.path().path().length();
    RouteConfig inner = oneIsLonger ? one : other;
    RouteConfig outer = oneIsLonger ? other : one;
    Set<HttpMethod> lost = new HashSet<>(Methods.KNOWN);
    lost.removeIf(method -> !outer.takes(method) || inner.takes(method));
    lost.remove(HttpMethod.OPTIONS);
    if (!lost.isEmpty()) {
      at.warn(
          "path",
          "route %s shadows route %s: %s at %s is answered 405"
              .formatted(inner.name(), outer.name(), Methods.names(lost), inner.path()));
    }
  }
}
