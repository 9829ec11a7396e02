package dev.stoa.gateway;

import dev.stoa.discovery.Balancer;
import dev.stoa.discovery.BalancerConfig;
import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.KeySource;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.Ranked;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.Turn;
import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.discovery.UpstreamPolicy;
import dev.stoa.discovery.WeightedTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Where routes with the same targets and policies lead to, worked out once for all of them: the
 * pools of instances, how one is picked, and the servers that they are. A target that discovery
 * knows stands for all instances of that service; the others are instances themselves and stand in
 * for each other. Whose turn it is is each {@linkplain RouteTargets route's own}. Safe on any
 * thread.
 */
final class Places {

  /** Instances that can stand in for each other. */
  record Group(InstancePool pool, Balancer balancer, int weight, Servers servers) {

    Optional<RouteTargets.Choice> pick(
        ToLongFunction<KeySource> keys, Optional<Lease> tried, Turn turn) {
      return balancer
          .pick(pool, key(keys), tried, turn)
          .map(lease -> new RouteTargets.Choice(lease, servers.of(lease.instance())));
    }

    List<Ranked> rank(ToLongFunction<KeySource> keys, Turn turn) {
      return balancer.rank(pool, key(keys), turn);
    }

    private long key(ToLongFunction<KeySource> keys) {
      BalancerConfig config = balancer.policy().balancer();
      return config.hashes() ? keys.applyAsLong(config.key()) : 0;
    }
  }

  /**
   * Holds while the same targets are services; certainly as long as the catalog is the same.
   *
   * @param only the group where there is but one; else null
   */
  record Plan(
      InstancePools pools,
      ServiceCatalog catalog,
      boolean[] known,
      List<Group> groups,
      Group only,
      WeightedTurn turn) {

    private Plan in(ServiceCatalog next) {
      return new Plan(pools, next, known, groups, only, turn);
    }
  }

  private final String name;
  private final List<Target> targets;
  private final UpstreamPolicies policies;
  private final SharedServers servers;
  private volatile Plan plan;

  /**
   * Of these targets.
   *
   * @param name what the addresses among them are called together, where nobody knows them yet
   * @param servers those of the table
   */
  Places(String name, List<Target> targets, UpstreamPolicies policies, SharedServers servers) {
    this.name = name;
    this.targets = targets;
    this.policies = policies;
    this.servers = servers;
  }

  /** As of now. */
  Plan plan(InstancePools pools) {
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
        pools.of(name, List.copyOf(instances)), balancer, weight, servers.of(addresses));
  }

  /** Weights that stand in the route are kept also by plain round robin. */
  private UpstreamPolicy policy(List<Target> addresses, boolean uneven) {
    UpstreamPolicy policy = policies.of(addresses.get(0).host());
    boolean weighted =
        uneven && policy.balancer().strategy() == BalancerConfig.Strategy.ROUND_ROBIN;
    return weighted ? policy.with(BalancerConfig.Strategy.WEIGHTED) : policy;
  }
}
