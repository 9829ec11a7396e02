package dev.stoa.gateway;

import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.KeySource;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.Ranked;
import dev.stoa.discovery.Turn;
import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.gateway.Places.Group;
import dev.stoa.gateway.Places.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The targets of a route, and whose turn it is. A target that discovery knows stands for all
 * instances of that service; the others are instances themselves and stand in for each other. Each
 * service, and the addresses together, get their share of the requests by weight; within, the
 * route's balancer picks. Safe on any thread.
 */
final class RouteTargets {
  private static final Turn[] NONE = {};

  /** An instance on loan, and how to talk to it. */
  record Choice(Lease lease, Server server) {}

  private final Places places;

  /** Among the groups, or in the only one. */
  private final Turn turn = new Turn();

  /** Within each group, where there are several. */
  private volatile Turn[] turns = NONE;

  /**
   * All targets of a route.
   *
   * @param route its name
   * @param targets not all of weight 0
   * @param servers those of the table
   */
  RouteTargets(
      String route, List<Target> targets, UpstreamPolicies policies, SharedServers servers) {
    this.places = servers.places(addressesOf(route), targets, policies);
  }

  /**
   * Picks an instance; empty where there is none.
   *
   * @param keys what consistent hashing goes by, if this route uses it
   * @param tried the lease of the attempt before
   */
  Optional<Choice> pick(
      InstancePools pools, ToLongFunction<KeySource> keys, Optional<Lease> tried) {
    Plan now = places.plan(pools);
    return now.only() != null ? now.only().pick(keys, tried, turn) : pick(now, keys, tried);
  }

  private Optional<Choice> pick(Plan now, ToLongFunction<KeySource> keys, Optional<Lease> tried) {
    List<Group> groups = now.groups();
    Turn[] within = within(now);
    int first = now.turn().next(turn);
    if (!groups.get(first).pool().hasFresh(tried)) {
      for (int i = 0; i < groups.size(); i++) {
        Group other = groups.get(i);
        if (other.weight() > 0 && other.pool().hasFresh(tried)) {
          return other.pick(keys, tried, within[i]);
        }
      }
    }
    Optional<Choice> choice = groups.get(first).pick(keys, tried, within[first]);
    for (int i = 0; choice.isEmpty() && i < groups.size(); i++) {
      Group other = groups.get(i);
      choice = other.weight() > 0 ? other.pick(keys, tried, within[i]) : choice;
    }
    return choice;
  }

  private Turn[] within(Plan plan) {
    Turn[] known = turns;
    if (known.length < plan.groups().size()) {
      known = Stream.generate(Turn::new).limit(plan.groups().size()).toArray(Turn[]::new);
      turns = known;
    }
    return known;
  }

  /** What the addresses of a route are called together. */
  static String addressesOf(String route) {
    return "route:" + route;
  }

  /** An instance in the order in which a request would get it, and how to talk to it. */
  record RankedChoice(Ranked ranked, Server server) {}

  /** All instances in the order in which {@link #pick} would come to them now; picks none. */
  List<RankedChoice> rank(InstancePools pools, ToLongFunction<KeySource> keys) {
    Plan now = places.plan(pools);
    List<RankedChoice> usable = new ArrayList<>();
    List<RankedChoice> rest = new ArrayList<>();
    for (int index : now.turn().upcoming(turn)) {
      Group group = now.groups().get(index);
      for (Ranked ranked : group.rank(keys, now.only() != null ? turn : within(now)[index])) {
        boolean good = ranked.candidate() && group.pool().hasFresh(Optional.empty());
        Server server = group.servers().of(ranked.status().instance());
        (good ? usable : rest).add(new RankedChoice(ranked, server));
      }
    }
    usable.addAll(rest);
    return usable;
  }

  /** The instances that this route wants checked. */
  List<HealthChecks.Checked> checks(InstancePools pools) {
    return places.plan(pools).groups().stream()
        .map(group -> new HealthChecks.Checked(group.pool(), group.balancer().policy().health()))
        .filter(checked -> checked.check().enabled())
        .toList();
  }

  /** Whether there is an instance in good order that this request was not lent yet. */
  boolean hasFresh(InstancePools pools, Optional<Lease> tried) {
    for (Group group : places.plan(pools).groups()) {
      if (group.weight() > 0 && group.pool().hasFresh(tried)) {
        return true;
      }
    }
    return false;
  }
}
