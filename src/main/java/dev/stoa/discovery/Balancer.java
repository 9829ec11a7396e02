package dev.stoa.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Picks one of the instances of a pool for each attempt of a request. Each caller with a policy of
 * its own has a balancer of its own, or shares it and has a {@link Turn} of its own, while the pool
 * is shared. Safe on any thread; never blocks; a pick allocates no more than the lease.
 */
public final class Balancer {
  private final UpstreamPolicy policy;
  private final Strategy strategy;
  private final long slowStart;
  private final Turn own = new Turn();

  public Balancer(UpstreamPolicy policy) {
    this.policy = policy;
    this.strategy = Strategy.of(policy.balancer());
    this.slowStart = policy.balancer().slowStart().toNanos();
  }

  public UpstreamPolicy policy() {
    return policy;
  }

  /** As {@link #pick(InstancePool, long, Optional, Turn)} for the one caller that it has. */
  public Optional<Lease> pick(InstancePool pool, long key, Optional<Lease> tried) {
    return pick(pool, key, tried, own);
  }

  /**
   * Lends an instance: one that is neither ejected nor unhealthy nor tried by this request, as long
   * as there is one; else the best of those there are.
   *
   * @param key as {@link BalancerConfig#key} says, or {@link HashKey#NONE}; without meaning for
   *     other strategies than consistent hashing
   * @param tried the lease of the attempt before, ended or (for a hedge) not; empty at the first
   * @param turn the caller's
   * @return empty only where the pool has no instance at all
   */
  public Optional<Lease> pick(InstancePool pool, long key, Optional<Lease> tried, Turn turn) {
    long now = pool.now();
    Members members = pool.members(now);
    if (members.all().length == 0) {
      return Optional.empty();
    }
    Lease before = tried.orElse(null);
    Member[] among = policy.balancer().preferZone() ? members.nearby() : members.usable();
    Candidates candidates = new Candidates(among, before, slowStart, now, turn);
    Member chosen = strategy.choose(candidates, key);
    if (chosen == null) {
      chosen = members.leftover(candidates, before);
    }
    return Optional.of(new Lease(pool, chosen, policy.outliers(), before, now));
  }

  /** All instances in the order in which {@link #pick} would come to them now; picks none. */
  public List<Ranked> rank(InstancePool pool, long key, Turn turn) {
    long now = pool.now();
    Members members = pool.members(now);
    List<Ranked> ranked = new ArrayList<>();
    if (members.all().length == 0) {
      return ranked;
    }
    Member[] among = policy.balancer().preferZone() ? members.nearby() : members.usable();
    Candidates candidates = new Candidates(among, null, slowStart, now, turn);
    for (Place place : strategy.rank(candidates, key)) {
      double warmth = candidates.warmth(place.member());
      String warming = warmth < 1 ? "; new, at %.0f %%".formatted(100 * warmth) : "";
      InstanceStatus status = InstancePool.status(place.member(), now);
      ranked.add(new Ranked(status, true, place.reason() + warming));
    }
    List<Member> inside = Arrays.asList(among);
    for (Member member : members.all()) {
      if (!inside.contains(member)) {
        ranked.add(new Ranked(InstancePool.status(member, now), false, outside(member, now)));
      }
    }
    return ranked;
  }

  private static String outside(Member member, long now) {
    if (member.weight() == 0) {
      return "gets nothing, by its weight of 0";
    }
    if (member.state().ejected(now)) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(member.state().ejectedUntil() - now) + 1;
      return "ejected for " + seconds + " s more, after failures";
    }
    return member.state().health() == InstanceStatus.Health.UNHEALTHY
        ? "failed its health check"
        : "in another zone";
  }
}
