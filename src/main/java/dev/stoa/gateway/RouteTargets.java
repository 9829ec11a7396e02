package dev.stoa.gateway;

import dev.stoa.discovery.Balancer;
import dev.stoa.discovery.BalancerConfig;
import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.KeySource;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.Ranked;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.discovery.UpstreamPolicy;
import dev.stoa.discovery.WeightedTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The targets of a route, and whose turn it is. A target that discovery knows stands for all
 * instances of that service; the others are instances themselves and stand in for each other. Each
 * service, and the addresses together, get their share of the requests by weight; within, the
 * route's balancer picks. Safe on any thread.
 */
final class RouteTargets {

  /** An instance on loan, and how to talk to it. */
  record Choice(Lease lease, Server server) {}

  /** Instances that can stand in for each other. */
  private record Group(InstancePool pool, Balancer balancer, int weight, Servers servers) {

    Optional<Choice> pick(ToLongFunction<KeySource> keys, Optional<Lease> tried) {
      return balancer
          .pick(pool, key(keys), tried)
          .map(lease -> new Choice(lease, servers.of(lease.instance())));
    }

    List<Ranked> rank(ToLongFunction<KeySource> keys) {
      return balancer.rank(pool, key(keys));
    }

    private long key(ToLongFunction<KeySource> keys) {
      BalancerConfig config = balancer.policy().balancer();
      return config.hashes() ? keys.applyAsLong(config.key()) : 0;
    }
  }

  /** Holds while the same targets are services; certainly as long as the catalog is the same. */
  private record Plan(
      InstancePools pools,
      ServiceCatalog catalog,
      boolean[] known,
      List<Group> groups,
      Group only,
      WeightedTurn turn) {

    Plan in(ServiceCatalog next) {
      return new Plan(pools, next, known, groups, only, turn);
    }
  }

  private final String route;
  private final List<Target> targets;
  private final UpstreamPolicies policies;
  private final SharedServers servers;
  private volatile Plan plan;

  /**
   * All targets of a route.
   *
   * @param route its name
   * @param targets not all of weight 0
   * @param servers those of the table
   */
  RouteTargets(
      String route, List<Target> targets, UpstreamPolicies policies, SharedServers servers) {
    this.route = route;
    this.targets = targets;
    this.policies = policies;
    this.servers = servers;
  }

  /**
   * Picks an instance; empty where there is none.
   *
   * @param keys what consistent hashing goes by, if this route uses it
   * @param tried the lease of the attempt before
   */
  Optional<Choice> pick(
      InstancePools pools, ToLongFunction<KeySource> keys, Optional<Lease> tried) {
    Plan now = plan(pools);
    return now.only != null ? now.only.pick(keys, tried) : pick(now, keys, tried);
  }

  private static Optional<Choice> pick(
      Plan now, ToLongFunction<KeySource> keys, Optional<Lease> tried) {
    Group turn = now.groups.get(now.turn.next());
    if (!turn.pool.hasFresh(tried)) {
      for (Group other : now.groups) {
        if (other.weight > 0 && other.pool.hasFresh(tried)) {
          return other.pick(keys, tried);
        }
      }
    }
    Optional<Choice> choice = turn.pick(keys, tried);
    for (int i = 0; choice.isEmpty() && i < now.groups.size(); i++) {
      Group other = now.groups.get(i);
      choice = other.weight > 0 ? other.pick(keys, tried) : choice;
    }
    return choice;
  }

  /** What the addresses of a route are called together. */
  static String addressesOf(String route) {
    return "route:" + route;
  }

  /** An instance in the order in which a request would get it, and how to talk to it. */
  record RankedChoice(Ranked ranked, Server server) {}

  /** All instances in the order in which {@link #pick} would come to them now; picks none. */
  List<RankedChoice> rank(InstancePools pools, ToLongFunction<KeySource> keys) {
    Plan now = plan(pools);
    List<RankedChoice> usable = new ArrayList<>();
    List<RankedChoice> rest = new ArrayList<>();
    for (int index : now.turn.upcoming()) {
      Group group = now.groups.get(index);
      for (Ranked ranked : group.rank(keys)) {
        boolean good = ranked.candidate() && group.pool.hasFresh(Optional.empty());
        Server server = group.servers.of(ranked.status().instance());
        (good ? usable : rest).add(new RankedChoice(ranked, server));
      }
    }
    usable.addAll(rest);
    return usable;
  }

  /** The instances that this route wants checked. */
  List<HealthChecks.Checked> checks(InstancePools pools) {
    return plan(pools).groups.stream()
        .map(group -> new HealthChecks.Checked(group.pool, group.balancer.policy().health()))
        .filter(checked -> checked.check().enabled())
        .toList();
  }

  /** Whether there is an instance in good order that this request was not lent yet. */
  boolean hasFresh(InstancePools pools, Optional<Lease> tried) {
    for (Group group : plan(pools).groups) {
      if (group.weight > 0 && group.pool.hasFresh(tried)) {
        return true;
      }
    }
    return false;
  }

  private Plan plan(InstancePools pools) {
    Plan current = plan;
    ServiceCatalog catalog = pools.catalog();
    if (current == null || current.pools != pools || current.catalog != catalog) {
      boolean fits = current != null && current.pools == pools && fits(current.known, catalog);
      current = fits ? current.in(catalog) : make(pools, catalog);
      plan = current;
    }
    return current;
  }

  private boolean fits(boolean[] known, ServiceCatalog catalog) {
    for (int i = 0; i < known.length; i++) {
      if (known[i] != catalog.knows(targets.get(i).host())) {
        return false;
      }
    }
    return true;
  }

  private Plan make(InstancePools pools, ServiceCatalog catalog) {
    boolean[] known = new boolean[targets.size()];
    List<Group> groups = new ArrayList<>();
    List<Target> addresses = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      Target target = targets.get(i);
      known[i] = catalog.knows(target.host());
      if (known[i]) {
        Balancer balancer = new Balancer(policies.of(target.host()));
        groups.add(
            new Group(pools.of(target.host()), balancer, target.weight(), servers.of(target)));
      } else {
        addresses.add(target);
      }
    }
    if (!addresses.isEmpty()) {
      groups.add(addresses(pools, addresses));
    }
    int[] weights = groups.stream().mapToInt(Group::weight).toArray();
    Group only = groups.size() == 1 ? groups.get(0) : null;
    return new Plan(pools, catalog, known, groups, only, new WeightedTurn(weights));
  }

  private Group addresses(InstancePools pools, List<Target> addresses) {
    List<ServiceInstance> instances = new ArrayList<>();
    for (Target target : addresses) {
      String id = target.url();
      instances.add(
          new ServiceInstance(id, target.host(), target.host(), target.port())
              .withSecure(target.tls())
              .withWeight(target.weight()));
    }
    int weight = addresses.stream().mapToInt(Target::weight).sum();
    boolean uneven = addresses.stream().anyMatch(t -> t.weight() != addresses.get(0).weight());
    Balancer balancer = new Balancer(policy(addresses, uneven));
    return new Group(
        pools.of(addressesOf(route), List.copyOf(instances)),
        balancer,
        weight,
        servers.of(addresses));
  }

  /** Weights that stand in the route are kept also by plain round robin. */
  private UpstreamPolicy policy(List<Target> addresses, boolean uneven) {
    UpstreamPolicy policy = policies.of(addresses.get(0).host());
    boolean weighted =
        uneven && policy.balancer().strategy() == BalancerConfig.Strategy.ROUND_ROBIN;
    return weighted ? policy.with(BalancerConfig.Strategy.WEIGHTED) : policy;
  }
}
