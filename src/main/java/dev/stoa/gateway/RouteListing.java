package dev.stoa.gateway;

import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.observability.Flow;
import dev.stoa.observability.LimitMeter;
import dev.stoa.observability.Metrics;
import dev.stoa.resilience.GuardStatus;
import dev.stoa.resilience.Resilience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every route, those of the catalog included, with its policies and what each of them does now. */
final class RouteListing {
  static final String PATH = "/api/admin/routes";

  private final InstancePools pools;
  private final Resilience resilience;
  private final Metrics metrics;

  RouteListing(InstancePools pools, Resilience resilience, Metrics metrics) {
    this.pools = pools;
    this.resilience = resilience;
    this.metrics = metrics;
  }

  JsonObject now(GatewayConfig config) {
    Map<String, GuardStatus> guards =
        resilience.status().stream()
            .collect(Collectors.toMap(GuardStatus::upstream, Function.identity()));
    Map<String, Flow> flows = metrics.traffic().flows().routes();
    Stream<RouteConfig> generic =
        pools.catalog().services().stream().map(name -> config.generic().of(name).config());
    Map<String, List<InstancePool>> addresses =
        pools.ofAddresses().stream().collect(Collectors.groupingBy(InstancePool::name));
    JsonArray routes = new JsonArray();
    Stream.concat(config.routes().routes().stream(), generic)
        .forEach(
            route -> {
              JsonObject json =
                  RouteJson.of(route).put("destinations", destinations(route, addresses));
              GuardStatus guard = guards.get(route.upstream());
              if (guard != null) {
                json.put("guard", guard.toJson());
              }
              Flow flow = flows.get(route.name());
              if (flow != null) {
                json.put("traffic", TrafficReport.rates(flow));
              }
              LimitMeter.Decisions decisions =
                  metrics.limits().decisions(Throttle.scope(route.name()));
              routes.add(
                  json.put("let_pass", decisions.allowed()).put("refused", decisions.refused()));
            });
    return new JsonObject().put("node", resilience.node()).put("routes", routes);
  }

  /** Where each target leads now: to instances of a service, or to an address. */
  private JsonArray destinations(RouteConfig route, Map<String, List<InstancePool>> addresses) {
    JsonArray destinations = new JsonArray();
    for (Target target : route.targets()) {
      boolean known = pools.catalog().knows(target.host());
      List<InstancePool> found =
          known
              ? List.of(pools.of(target.host()))
              : addresses.getOrDefault(RouteTargets.addressesOf(route.name()), List.of());
      destinations.add(
          new JsonObject()
              .put("target", known ? target.host() : target.url())
              .put("service", known)
              .put("weight", target.weight())
              .put("instances", known ? found.get(0).statuses().size() : 1)
              .put("left_out", found.stream().mapToLong(pool -> leftOut(pool, target)).sum()));
    }
    return destinations;
  }

  private static long leftOut(InstancePool pool, Target target) {
    return pool.statuses().stream()
        .filter(
            one ->
                one.instance().service().equals(target.host())
                    || one.instance().id().equals(target.url()))
        .map(one -> TrafficReport.state(one, false))
        .filter(state -> state.equals("ejected") || state.equals("unhealthy"))
        .count();
  }
}
