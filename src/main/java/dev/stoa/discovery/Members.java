package dev.stoa.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * An immutable view of the instances of a pool, sorted out beforehand so that a pick need not look
 * at those that are out of question. Valid until the catalog changes, an instance is ejected, falls
 * ill or recovers, or {@link #renewAt} has come.
 */
final class Members {
  private static final Member[] NOBODY = {};

  static final Members NONE =
      new Members(List.of(), NOBODY, NOBODY, NOBODY, NOBODY, Map.of(), Long.MAX_VALUE);

  /** The share of a zone's instances that must be usable for the zone to keep to itself. */
  private static final double ENOUGH_OF_A_ZONE = 0.5;

  /** How many instances that have left are remembered, in case they come back. */
  private static final int REMEMBERED = 64;

  private final List<ServiceInstance> source;
  private final Member[] all;
  private final Member[] taking;
  private final Member[] usable;
  private final Member[] nearby;
  private final Map<String, Member> departed;
  private final long renewAt;

  private Members(
      List<ServiceInstance> source,
      Member[] all,
      Member[] taking,
      Member[] usable,
      Member[] nearby,
      Map<String, Member> departed,
      long renewAt) {
    this.source = source;
    this.all = all;
    this.taking = taking;
    this.usable = usable;
    this.nearby = nearby;
    this.departed = departed;
    this.renewAt = renewAt;
  }

  /** What a list of instances is, given what is remembered of them. */
  Members renewed(List<ServiceInstance> instances, String zone, long now) {
    Map<String, Member> known = new LinkedHashMap<>(departed);
    Arrays.stream(all).forEach(member -> known.put(member.instance().id(), member));
    // Where everybody is new nobody is.
    long firstSeen = known.isEmpty() ? InstanceState.NEVER : now;
    Map<String, Member> present = new LinkedHashMap<>();
    for (ServiceInstance instance : instances) {
      Member before = known.remove(instance.id());
      boolean same = before != null && sameAddress(before.instance(), instance);
      InstanceState state = same ? before.state() : new InstanceState(instance.id(), firstSeen);
      present.putIfAbsent(instance.id(), new Member(instance, state));
    }
    Member[] list = present.values().toArray(Member[]::new);
    Member[] taking = those(list, member -> member.weight() > 0);
    Member[] usable = those(taking, member -> isUsable(member, now));
    Member[] nearby = nearby(taking, usable, zone);
    return new Members(
        instances, list, taking, usable, nearby, latest(known), nextReturn(list, now));
  }

  /** Another process under the same id starts with a clean record. */
  private static boolean sameAddress(ServiceInstance one, ServiceInstance other) {
    return one.port() == other.port() && one.host().equals(other.host());
  }

  /** Those of a kind; where nobody is, everybody is as good. */
  private static Member[] those(Member[] list, Predicate<Member> kind) {
    Member[] found = Arrays.stream(list).filter(kind).toArray(Member[]::new);
    return found.length == 0 ? list : found;
  }

  static boolean isUsable(Member member, long now) {
    InstanceState state = member.state();
    return member.weight() > 0
        && !state.ejected(now)
        && state.health() != InstanceStatus.Health.UNHEALTHY;
  }

  private static Member[] nearby(Member[] list, Member[] usable, String zone) {
    Predicate<Member> near = member -> member.instance().zone().equals(zone);
    if (zone.isEmpty() || Arrays.stream(usable).allMatch(near)) {
      return usable;
    }
    long there = Arrays.stream(list).filter(near).count();
    Member[] able = Arrays.stream(usable).filter(near).toArray(Member[]::new);
    return able.length == 0 || able.length < ENOUGH_OF_A_ZONE * there ? usable : able;
  }

  private static Map<String, Member> latest(Map<String, Member> gone) {
    List<String> ids = new ArrayList<>(gone.keySet());
    ids.subList(0, Math.max(0, ids.size() - REMEMBERED)).forEach(gone::remove);
    return gone;
  }

  private static long nextReturn(Member[] list, long now) {
    return Arrays.stream(list)
        .mapToLong(member -> member.state().ejectedUntil())
        .filter(until -> until > now)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  boolean of(List<ServiceInstance> instances, long now) {
    return source == instances && now < renewAt;
  }

  /** Every instance of the catalog, in its order. */
  Member[] all() {
    return all;
  }

  /**
   * Those that picks are made from, not drained by weight 0 if others are there; never empty where
   * {@link #all} is not.
   */
  Member[] usable() {
    return usable;
  }

  /** The same, from the caller's own zone while enough of them are there. */
  Member[] nearby() {
    return nearby;
  }

  /** Whether the usable ones are so by merit, and not for lack of any. */
  boolean anyUsable(long now) {
    return usable.length > 0 && isUsable(usable[0], now);
  }

  /** Whether there is a usable one that this request has not tried. */
  boolean anyFresh(Lease tried, long now) {
    return anyUsable(now) && (tried == null || anyBeside(tried));
  }

  private boolean anyBeside(Lease tried) {
    for (Member member : usable) {
      if (!tried.tried(member.state())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where a strategy came to none that the request may have: the best of the others. A usable
   * instance comes first, then one that this request has tried and at least connected to, then one
   * that is ejected; an unreachable one comes last. Null only where there is no instance at all.
   */
  Member leftover(Candidates candidates, Lease tried) {
    Predicate<Member> fresh = candidates::untried;
    Member found = any(candidates.members(), candidates::takes);
    found = found != null ? found : any(candidates.members(), fresh);
    found = found != null ? found : any(usable, fresh);
    found =
        found != null
            ? found
            : any(usable, m -> tried == null || !tried.foundUnreachable(m.state()));
    found = found != null ? found : any(taking, fresh);
    return found != null ? found : any(usable, member -> true);
  }

  /** From a random one on, so that the neighbour of a failing instance does not bear its load. */
  private static Member any(Member[] members, Predicate<Member> wanted) {
    int start = members.length == 0 ? 0 : ThreadLocalRandom.current().nextInt(members.length);
    for (int i = 0; i < members.length; i++) {
      Member member = members[(start + i) % members.length];
      if (wanted.test(member)) {
        return member;
      }
    }
    return null;
  }
}
