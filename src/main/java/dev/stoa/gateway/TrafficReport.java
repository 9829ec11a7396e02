package dev.stoa.gateway;

import dev.stoa.discovery.CatalogEntry;
import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.InstanceStatus;
import dev.stoa.discovery.InstanceStatus.Health;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.observability.Durations;
import dev.stoa.observability.Flow;
import dev.stoa.observability.Flows;
import dev.stoa.resilience.GuardStatus;
import dev.stoa.resilience.Resilience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The map that operators look at: routes → services → instances, each with what has gone through it
 * in the last seconds, as this process sees it.
 */
final class TrafficReport {
  private static final Flow NOTHING = new Flow(Duration.ofSeconds(1), 0, Durations.NONE);
  private static final double NANOS_PER_MILLI = 1e6;

  private final Supplier<Flows> traffic;
  private final InstancePools pools;
  private final Resilience resilience;

  /**
   * Of what goes through this process.
   *
   * @param traffic as of now; asked once for each report, since it looks at everything
   */
  TrafficReport(Supplier<Flows> traffic, InstancePools pools, Resilience resilience) {
    this.traffic = traffic;
    this.pools = pools;
    this.resilience = resilience;
  }

  /** What has happened lately; one pass over the routes, however many services there are. */
  JsonObject look(List<RouteConfig> routes) {
    Flows now = traffic.get();
    Map<String, Flow> flows = new TreeMap<>(now.routes());
    routes.forEach(route -> flows.putIfAbsent(route.name(), NOTHING));
    flows.remove(OwnEndpoints.ROUTE); // what the gateway answers itself is no traffic
    return new JsonObject()
        .put("gateway", rates(sum(flows.values())))
        .put("routes", routes(routes, flows))
        .put("services", services(routes, now));
  }

  /** Of the gateway as a whole: what {@link #look} says of it. */
  JsonObject gateway() {
    Map<String, Flow> flows = new TreeMap<>(traffic.get().routes());
    flows.remove(OwnEndpoints.ROUTE);
    return rates(sum(flows.values()));
  }

  private static JsonArray routes(List<RouteConfig> routes, Map<String, Flow> flows) {
    Map<String, RouteConfig> byName =
        routes.stream().collect(Collectors.toMap(RouteConfig::name, Function.identity()));
    JsonArray all = new JsonArray();
    flows.forEach(
        (name, flow) -> {
          JsonObject json = new JsonObject().put("name", name);
          RouteConfig route = byName.get(name);
          if (route != null) {
            json.put("path", route.path().toString()).put("upstream", route.upstream());
          }
          all.add(json.mergeIn(rates(flow)));
        });
    return all;
  }

  /** Services of the catalog, and whatever else routes lead to. */
  private JsonArray services(List<RouteConfig> routes, Flows flows) {
    ServiceCatalog catalog = pools.catalog();
    Map<String, InstancePool> known = new TreeMap<>();
    catalog.services().forEach(name -> known.put(name, pools.of(name)));
    pools.ofAddresses().forEach(pool -> known.put(pool.name(), pool));
    Map<String, List<RouteConfig>> leading = leading(routes);
    Map<String, GuardStatus> guards =
        resilience.status().stream()
            .collect(Collectors.toMap(GuardStatus::upstream, Function.identity()));
    JsonArray services = new JsonArray();
    known.forEach(
        (name, pool) -> {
          List<RouteConfig> from = leading.getOrDefault(name, List.of());
          Set<String> names = new TreeSet<>(from.stream().map(RouteConfig::upstream).toList());
          names.add(name); // that of the route which every service has
          JsonObject service = new JsonObject().put("name", name);
          names.stream()
              .filter(guards::containsKey)
              .map(guards::get)
              .max(Comparator.comparingInt(TrafficReport::badness))
              .ifPresent(guard -> service.put("guard", guard.toJson()));
          List<Flow> all =
              names.stream().map(one -> flows.upstreams().getOrDefault(one, NOTHING)).toList();
          services.add(
              service
                  .mergeIn(rates(sum(all)))
                  .put("routes", new JsonArray(from.stream().map(RouteConfig::name).toList()))
                  .put("instances", instances(pool, names, catalog.entries(name), flows)));
        });
    return services;
  }

  /** Open, then half open, then closed. */
  private static int badness(GuardStatus guard) {
    return switch (guard.state()) {
      case OPEN -> 2;
      case HALF_OPEN -> 1;
      case CLOSED -> 0;
    };
  }

  /** The routes to each service, and to the addresses of each route, in their order. */
  private static Map<String, List<RouteConfig>> leading(List<RouteConfig> routes) {
    Map<String, List<RouteConfig>> leading = new HashMap<>();
    for (RouteConfig route : routes) {
      Set<String> to = new HashSet<>();
      to.add(RouteTargets.addressesOf(route.name()));
      route.targets().forEach(target -> to.add(target.host()));
      to.forEach(name -> leading.computeIfAbsent(name, n -> new ArrayList<>()).add(route));
    }
    return leading;
  }

  private static JsonArray instances(
      InstancePool pool, Set<String> upstreams, List<CatalogEntry> entries, Flows now) {
    Set<String> stale = new TreeSet<>();
    entries.stream().filter(CatalogEntry::stale).forEach(e -> stale.add(e.instance().id()));
    Map<String, Flow> flows = new HashMap<>();
    upstreams.forEach(
        name ->
            now.instancesOf(name)
                .forEach((id, flow) -> flows.merge(id, flow, (a, b) -> sum(List.of(a, b)))));
    JsonArray instances = new JsonArray();
    for (InstanceStatus status : pool.statuses()) {
      String id = status.instance().id();
      JsonObject json =
          new JsonObject()
              .put("id", id)
              .put("host", status.instance().host())
              .put("port", status.instance().port())
              .put("state", state(status, stale.contains(id)))
              .put("in_flight", status.inFlight())
              .mergeIn(rates(flows.getOrDefault(id, NOTHING)));
      status.ejectedUntil().ifPresent(until -> json.put("ejected_until", until.toString()));
      status.lastFailure().ifPresent(kind -> json.put("last_failure", kind.toString()));
      instances.add(json);
    }
    return instances;
  }

  /** The one word that matters most. */
  static String state(InstanceStatus status, boolean stale) {
    if (status.ejectedUntil().isPresent()) {
      return "ejected";
    }
    if (status.health() == Health.UNHEALTHY) {
      return "unhealthy";
    }
    if (stale) {
      return "stale";
    }
    return status.health() == Health.HEALTHY ? "healthy" : "up";
  }

  private static Flow sum(Collection<Flow> flows) {
    Flow sum = NOTHING;
    for (Flow flow : flows) {
      if (flow != NOTHING) {
        sum =
            new Flow(
                flow.over(), sum.failed() + flow.failed(), sum.durations().plus(flow.durations()));
      }
    }
    return sum;
  }

  static JsonObject rates(Flow flow) {
    return new JsonObject()
        .put("rate", flow.rate())
        .put("errors", flow.errorRate())
        .put("p50_ms", flow.p50().toNanos() / NANOS_PER_MILLI)
        .put("p99_ms", flow.p99().toNanos() / NANOS_PER_MILLI);
  }
}
